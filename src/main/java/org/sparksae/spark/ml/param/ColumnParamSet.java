package org.sparksae.spark.ml.param;

import java.io.Serializable;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/** The Param objects of {@link ColumnParams} of one stage. */
public class ColumnParamSet implements Serializable {
  private static final long serialVersionUID = 1L;

  final Param<String> inputCol;
  public final Param<String> outputCol;

  /** Of a stage whose input are rows of numbers. */
  public ColumnParamSet(Params parent) {
    this(parent, "column of rows: Vector (dense or sparse) or array of numbers");
  }

  public ColumnParamSet(Params parent, String input) {
    inputCol = new Param<>(parent, "inputCol", input, Rules.text("inputCol"));
    outputCol =
        new Param<>(
            parent,
            "outputCol",
            "column that gets the rows made of them, Vectors",
            Rules.text("outputCol"));
  }
}

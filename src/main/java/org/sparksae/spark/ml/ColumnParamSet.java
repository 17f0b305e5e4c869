package org.sparksae.spark.ml;

import java.io.Serializable;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/** The Param objects of {@link ColumnParams} of one stage. */
class ColumnParamSet implements Serializable {
  private static final long serialVersionUID = 1L;

  final Param<String> inputCol;
  final Param<String> outputCol;

  /** Of a stage whose input are rows of numbers. */
  ColumnParamSet(Params parent) {
    this(parent, "column of rows: Vector (dense or sparse) or array of numbers");
  }

  ColumnParamSet(Params parent, String input) {
    inputCol = new Param<>(parent, "inputCol", input, Rules.text("inputCol"));
    outputCol =
        new Param<>(
            parent,
            "outputCol",
            "column that gets the rows made of them, Vectors",
            Rules.text("outputCol"));
  }
}

package org.sparksae.spark.ml;

import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/** The Param objects of {@link ColumnParams} of one stage. */
final class ColumnParamSet {
  final Param<String> inputCol;
  final Param<String> outputCol;

  /** Of a stage whose input are rows of numbers. */
  ColumnParamSet(Params parent) {
    this(parent, "column of rows: Vector (dense or sparse) or array of numbers");
  }

  ColumnParamSet(Params parent, String input) {
    inputCol = new Param<>(parent, "inputCol", input);
    outputCol = new Param<>(parent, "outputCol", "column that gets the rows made of them, Vectors");
  }
}

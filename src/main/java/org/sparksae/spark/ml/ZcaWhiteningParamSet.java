package org.sparksae.spark.ml;

import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Params;

/** The Param objects of a {@link ZcaWhitening} or its model. */
final class ZcaWhiteningParamSet extends ColumnParamSet {
  private static final long serialVersionUID = 1L;

  final DoubleParam epsilon;

  ZcaWhiteningParamSet(Params parent) {
    super(parent);
    epsilon =
        new DoubleParam(
            parent,
            "epsilon",
            "added to the variance in each direction, >= 0",
            Rules.atLeastZero("epsilon"));
  }
}

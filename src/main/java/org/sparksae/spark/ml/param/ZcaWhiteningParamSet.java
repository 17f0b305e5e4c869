package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Params;

/** The Param objects of a {@code ZcaWhitening} or its model. */
public final class ZcaWhiteningParamSet extends ColumnParamSet {
  private static final long serialVersionUID = 1L;

  public final DoubleParam epsilon;

  public ZcaWhiteningParamSet(Params parent) {
    super(parent);
    epsilon =
        new DoubleParam(
            parent,
            "epsilon",
            "added to the variance in each direction, >= 0",
            Rules.atLeastZero("epsilon"));
  }
}

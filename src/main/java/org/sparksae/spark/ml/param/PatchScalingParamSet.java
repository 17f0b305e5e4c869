package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Params;

/** The Param objects of a {@code PatchScaling} or its model. */
public final class PatchScalingParamSet extends ColumnParamSet {
  private static final long serialVersionUID = 1L;

  public final DoubleParam clip;
  public final DoubleParam min;
  public final DoubleParam max;

  public PatchScalingParamSet(Params parent) {
    super(parent);
    clip =
        new DoubleParam(
            parent, "clip", "standard deviations at which to clip, > 0", Rules.positive("clip"));
    min =
        new DoubleParam(
            parent, "min", "what the lowest value becomes, below max", Rules.finite("min"));
    max =
        new DoubleParam(
            parent, "max", "what the highest value becomes, above min", Rules.finite("max"));
  }
}

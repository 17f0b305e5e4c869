package org.sparksae.spark.ml;

import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Params;

/** The Param objects of a {@link PatchScaling} or its model. */
final class PatchScalingParamSet extends ColumnParamSet {
  private static final long serialVersionUID = 1L;

  final DoubleParam clip;
  final DoubleParam min;
  final DoubleParam max;

  PatchScalingParamSet(Params parent) {
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

package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.DoubleParam;

/**
 * Params of {@code PatchScaling} and its model; on the model they say how it was learned.
 *
 * @param <S> the stage's own class
 */
public interface PatchScalingParams<S extends PatchScalingParams<S>> extends ColumnParams<S> {

  @Override
  PatchScalingParamSet columns();

  /** Standard deviations at which values are clipped, above 0; default 3. */
  default DoubleParam clip() {
    return columns().clip;
  }

  /** What values at the lower clip become; default 0.1. */
  default DoubleParam min() {
    return columns().min;
  }

  /** What values at the upper clip become; default 0.9. */
  default DoubleParam max() {
    return columns().max;
  }

  /** The value of {@link #clip()}. */
  default double getClip() {
    return (Double) getOrDefault(clip());
  }

  /** The value of {@link #min()}. */
  default double getMin() {
    return (Double) getOrDefault(min());
  }

  /** The value of {@link #max()}. */
  default double getMax() {
    return (Double) getOrDefault(max());
  }
}

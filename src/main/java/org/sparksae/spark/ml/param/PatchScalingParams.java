package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.DoubleParam;

/**
 * The Params of {@code PatchScaling} and its model, which keeps how it was learned.
 *
 * @param <S> the stage's own class
 */
public interface PatchScalingParams<S> extends ColumnParams<S> {

  /** Standard deviations at which values are clipped, above 0. */
  default DoubleParam clip() {
    return paramSet()
        .number("clip", "standard deviations at which values are clipped", Rule.positive(), 3.0);
  }

  /** The value of {@link #clip()}. */
  default double getClip() {
    return (Double) getOrDefault(clip());
  }

  /** What values at the lower clip become, below max. */
  default DoubleParam min() {
    return paramSet()
        .number("min", "what values at the lower clip become, below max", Rule.finite(), 0.1);
  }

  /** The value of {@link #min()}. */
  default double getMin() {
    return (Double) getOrDefault(min());
  }

  /** What values at the upper clip become, above min. */
  default DoubleParam max() {
    return paramSet()
        .number("max", "what values at the upper clip become, above min", Rule.finite(), 0.9);
  }

  /** The value of {@link #max()}. */
  default double getMax() {
    return (Double) getOrDefault(max());
  }

  /**
   * Setters of the estimator.
   *
   * @param <S> the stage's own class
   */
  interface TrainingSetters<S> extends PatchScalingParams<S> {

    /** Sets {@link #clip()}. */
    default S setClip(double value) {
      return ParamSet.set(this, clip(), value);
    }

    /** Sets {@link #min()}. */
    default S setMin(double value) {
      return ParamSet.set(this, min(), value);
    }

    /** Sets {@link #max()}. */
    default S setMax(double value) {
      return ParamSet.set(this, max(), value);
    }
  }
}

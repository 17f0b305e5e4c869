package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.DoubleParam;

/**
 * The Params of {@code ZcaWhitening} and its model, which keeps how it was learned.
 *
 * @param <S> the stage's own class
 */
public interface ZcaWhiteningParams<S> extends ColumnParams<S> {

  /**
   * Added to the variance in each direction (an eigenvalue of the covariance, in the square of the
   * values' unit), 0 or more. Directions of less variance, mostly noise, stay smaller than 1;
   * without it they are raised to 1 like all others.
   */
  default DoubleParam epsilon() {
    return paramSet()
        .number(
            "epsilon",
            "added to the variance in each direction, an eigenvalue of the covariance in "
                + "the square of the values' unit; directions of less variance, mostly noise, are "
                + "kept small",
            Rule.atLeastZero(),
            1e-5);
  }

  /** The value of {@link #epsilon()}. */
  default double getEpsilon() {
    return (Double) getOrDefault(epsilon());
  }

  /**
   * Setters of the estimator.
   *
   * @param <S> the stage's own class
   */
  interface TrainingSetters<S> extends ZcaWhiteningParams<S> {

    /** Sets {@link #epsilon()}. */
    default S setEpsilon(double value) {
      return ParamSet.set(this, epsilon(), value);
    }
  }
}

package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.DoubleParam;

/**
 * Params of {@code ZcaWhitening} and its model; on the model they say how it was learned.
 *
 * @param <S> the stage's own class
 */
public interface ZcaWhiteningParams<S extends ZcaWhiteningParams<S>> extends ColumnParams<S> {

  @Override
  ZcaWhiteningParamSet columns();

  /**
   * Added to the variance in each direction (an eigenvalue of the covariance, in the square of the
   * values' unit), 0 or more, default 1e-5. Directions of less variance, which is mostly noise, are
   * made smaller than 1; without it they are raised to 1 like all others.
   */
  default DoubleParam epsilon() {
    return columns().epsilon;
  }

  /** The value of {@link #epsilon()}. */
  default double getEpsilon() {
    return (Double) getOrDefault(epsilon());
  }
}

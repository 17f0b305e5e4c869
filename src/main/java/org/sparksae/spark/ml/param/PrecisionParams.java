package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.Param;
import org.sparksae.core.model.Precision;

/** How precisely products are computed, in training and by the model. */
public interface PrecisionParams extends ParamGroup {

  /**
   * How the matrix products of fully connected layers are computed: in float32, or in bfloat16,
   * which rounds both sides to 8 bits of precision and sums in float32. Parameters, gradients,
   * their sums and the optimiser's state stay float32, and so do products with sparse rows and
   * sparse codes. See {@link Precision}.
   *
   * <p>Where the processor has no instructions for bfloat16, the result is the same in kind, but
   * takes longer than float32; the log says so. Convolutions have float32 only.
   */
  default Param<String> precision() {
    return paramSet()
        .text(
            "precision",
            "how matrix products of fully connected layers are computed: float32, or bfloat16, "
                + "which rounds both sides to 8 bits and sums in float32: faster on processors "
                + "that have it",
            Rule.oneOf(Precision.values(), Precision::paramName),
            Precision.FLOAT32.paramName());
  }

  /** The value of {@link #precision()}. */
  default String getPrecision() {
    return getOrDefault(precision());
  }

  /**
   * Setters of estimator and model.
   *
   * @param <S> the stage's own class
   */
  interface Setters<S> extends PrecisionParams {

    /** Sets {@link #precision()}; a model computes with it, however it was trained. */
    default S setPrecision(String value) {
      return ParamSet.set(this, precision(), value);
    }
  }
}

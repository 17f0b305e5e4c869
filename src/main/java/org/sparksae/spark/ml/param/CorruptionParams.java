package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Param;
import org.sparksae.core.rows.CorruptionKind;

/**
 * What is done to the encoder's input in training, which makes a denoising autoencoder.
 *
 * @see org.sparksae.core.rows.Corruption
 */
public interface CorruptionParams extends ParamGroup {

  /**
   * What is done to the encoder's input in training, while the reconstruction is compared with the
   * clean row: none, masking (values become 0), gaussian (normal noise is added) or saltAndPepper
   * (values become 0 or 1). With adam each epoch draws new noise. With l-bfgs, whose line search
   * needs an objective that stays the same, and for validation rows, there is one draw for the fit.
   * With layerTraining, each layer's own input is corrupted.
   */
  default Param<String> corruption() {
    return paramSet()
        .text(
            "corruption",
            "how the encoder's input is corrupted in training, while the reconstruction is "
                + "compared with the clean row: masking makes values 0, gaussian adds normal "
                + "noise, saltAndPepper makes values 0 or 1",
            Rule.oneOf(CorruptionKind.values(), CorruptionKind::paramName),
            CorruptionKind.NONE.paramName());
  }

  /** The value of {@link #corruption()}. */
  default String getCorruption() {
    return getOrDefault(corruption());
  }

  /**
   * How much: the probability that masking or saltAndPepper replaces a value, in [0, 1), or the
   * standard deviation of gaussian, 0 or more.
   */
  default DoubleParam corruptionLevel() {
    return paramSet()
        .number(
            "corruptionLevel",
            "share of the values that masking and saltAndPepper replace, below 1, or "
                + "standard deviation of the gaussian noise",
            Rule.atLeastZero(),
            0.25);
  }

  /** The value of {@link #corruptionLevel()}. */
  default double getCorruptionLevel() {
    return (Double) getOrDefault(corruptionLevel());
  }

  /**
   * Setters of the estimator.
   *
   * @param <S> the stage's own class
   */
  interface TrainingSetters<S> extends CorruptionParams {

    /** Sets {@link #corruption()}. */
    default S setCorruption(String value) {
      return ParamSet.set(this, corruption(), value);
    }

    /** Sets {@link #corruptionLevel()}. */
    default S setCorruptionLevel(double value) {
      return ParamSet.set(this, corruptionLevel(), value);
    }
  }
}

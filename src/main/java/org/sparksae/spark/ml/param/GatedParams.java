package org.sparksae.spark.ml.param;

import java.util.Optional;
import org.apache.spark.ml.param.BooleanParam;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.Gated;

/** Gated codes: whether a unit is active and how much are two things (Rajamanoharan and others). */
public interface GatedParams extends ParamGroup {

  /**
   * Whether gates decide which units of a row are active, and magnitudes, with the same weights but
   * another bias and scale, how much. The penalty counts the gates only. With it, {@code
   * activation} is relu, {@code solver} adam, {@code preBias} mean, {@code initMode} tied, {@code
   * decoderNorm} unit, {@code inputNorm} sqrtSize, {@code regParam} 0, and {@code sparsity} l1 with
   * weight 2, where they are not set. The history then has the term {@code auxiliary}. For one
   * fully connected hidden layer and {@code outputActivation} linear.
   */
  default BooleanParam gated() {
    return paramSet()
        .flag(
            "gated",
            "whether gates decide which units of the code are active, and magnitudes how much "
                + "(Gated); with sparsity l1; excludes k",
            false);
  }

  /** The value of {@link #gated()}. */
  default boolean getGated() {
    return (Boolean) getOrDefault(gated());
  }

  /** The kind of code that these Params ask for, if they do. */
  default Optional<CodeForm> gatedForm() {
    return getGated() ? Optional.of(new Gated()) : Optional.empty();
  }

  /**
   * Setters of the estimator.
   *
   * @param <S> the stage's own class
   */
  interface TrainingSetters<S> extends GatedParams {

    /** Sets {@link #gated()}. */
    default S setGated(boolean value) {
      return ParamSet.set(this, gated(), value);
    }
  }
}

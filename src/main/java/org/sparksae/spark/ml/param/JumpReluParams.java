package org.sparksae.spark.ml.param;

import java.util.Optional;
import org.apache.spark.ml.param.DoubleParam;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.JumpReluTraining;

/** JumpReLU: each unit of the code learns its threshold (Rajamanoharan and others 2024). */
public interface JumpReluParams extends ParamGroup {

  /**
   * Where the thresholds start, above 0. Each unit of the code is active where it exceeds its own
   * threshold, which is trained with the weights. Not set: no thresholds. With it, {@code
   * activation} is relu, {@code solver} adam, {@code preBias} mean, {@code initMode} tied, {@code
   * decoderNorm} unit, {@code inputNorm} sqrtSize, {@code regParam} 0, and {@code sparsity} l0 with
   * weight 1, where they are not set. For one fully connected hidden layer.
   */
  default DoubleParam jumpReluThreshold() {
    return paramSet()
        .number(
            "jumpReluThreshold",
            "where the thresholds of the code's units start, which are trained with the weights "
                + "(JumpReLU); with sparsity l0, targetL0 or tanh; excludes k; not set: none",
            Rule.positiveFloat());
  }

  /** The value of {@link #jumpReluThreshold()}. */
  default double getJumpReluThreshold() {
    return (Double) getOrDefault(jumpReluThreshold());
  }

  /**
   * Width of the interval around a threshold in which activations give it a gradient, in units of
   * the pre-activations.
   */
  default DoubleParam jumpReluBandwidth() {
    return paramSet()
        .number(
            "jumpReluBandwidth",
            "width of the interval around a threshold of jumpReluThreshold in which "
                + "pre-activations give it a gradient",
            Rule.positiveFloat(),
            0.05);
  }

  /** The value of {@link #jumpReluBandwidth()}. */
  default double getJumpReluBandwidth() {
    return (Double) getOrDefault(jumpReluBandwidth());
  }

  /**
   * Weight of a loss of the units that are not active in a row: their distance below the threshold,
   * times the length of their decoder vector. It gives silent units a gradient. The history then
   * has the term {@code auxiliary}. Where it is not set, it is 1.5e-6 with {@code sparsity} tanh,
   * and otherwise 0.
   */
  default DoubleParam preActivationWeight() {
    return paramSet()
        .number(
            "preActivationWeight",
            "weight of a loss that draws units of jumpReluThreshold that are not active towards "
                + "their threshold; not set: 1.5e-6 with sparsity tanh, otherwise 0",
            Rule.atLeastZero(),
            0.0);
  }

  /** The value of {@link #preActivationWeight()}. */
  default double getPreActivationWeight() {
    return (Double) getOrDefault(preActivationWeight());
  }

  /** The kind of code that these Params ask for, if they do. */
  default Optional<CodeForm> jumpRelu() {
    return isDefined(jumpReluThreshold())
        ? Optional.of(
            new JumpReluTraining(
                getJumpReluThreshold(), getJumpReluBandwidth(), getPreActivationWeight()))
        : Optional.empty();
  }

  /**
   * Setters of the estimator.
   *
   * @param <S> the stage's own class
   */
  interface TrainingSetters<S> extends JumpReluParams {

    /** Sets {@link #jumpReluThreshold()}. */
    default S setJumpReluThreshold(double value) {
      return ParamSet.set(this, jumpReluThreshold(), value);
    }

    /** Sets {@link #jumpReluBandwidth()}. */
    default S setJumpReluBandwidth(double value) {
      return ParamSet.set(this, jumpReluBandwidth(), value);
    }

    /** Sets {@link #preActivationWeight()}. */
    default S setPreActivationWeight(double value) {
      return ParamSet.set(this, preActivationWeight(), value);
    }
  }
}

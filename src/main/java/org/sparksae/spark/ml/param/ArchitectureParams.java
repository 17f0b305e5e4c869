package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.Param;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.DecoderNorm;

/** What layers compute, whatever their shape. */
public interface ArchitectureParams extends ParamGroup {

  /** Activation of the hidden layers: sigmoid, tanh, relu or linear. */
  default Param<String> activation() {
    return paramSet()
        .text(
            "activation",
            "activation of the hidden layers; not set: that of the kind of code (linear with k, "
                + "relu with others that select units), or sigmoid without one",
            Rule.oneOf(Activation.values(), Activation::paramName),
            Activation.SIGMOID.paramName());
  }

  /** The value of {@link #activation()}. */
  default String getActivation() {
    return getOrDefault(activation());
  }

  /**
   * Activation of the reconstruction: linear, sigmoid, tanh or relu; its range should hold the
   * data.
   */
  default Param<String> outputActivation() {
    return paramSet()
        .text(
            "outputActivation",
            "activation of the reconstruction; its range should hold the data",
            Rule.oneOf(Activation.values(), Activation::paramName),
            Activation.LINEAR.paramName());
  }

  /** The value of {@link #outputActivation()}. */
  default String getOutputActivation() {
    return getOrDefault(outputActivation());
  }

  /** Whether the decoder uses the encoder's weights, transposed. */
  default BooleanParam tiedWeights() {
    return paramSet()
        .flag("tiedWeights", "whether the decoder uses the encoder's weights, transposed", false);
  }

  /** The value of {@link #tiedWeights()}. */
  default boolean getTiedWeights() {
    return (Boolean) getOrDefault(tiedWeights());
  }

  /**
   * Whether the decoder vectors of the hidden units (the weights through which a unit enters the
   * reconstruction) have any length (free), or length 1 throughout training (unit). For adam. Not
   * set: unit with jumpReluThreshold and gated, otherwise free.
   */
  default Param<String> decoderNorm() {
    return paramSet()
        .text(
            "decoderNorm",
            "length of the decoder vector of each hidden unit: any (free), or 1 throughout "
                + "training (unit), for adam; not set: unit with batchTopK, jumpReluThreshold or "
                + "gated, otherwise free",
            Rule.oneOf(DecoderNorm.values(), DecoderNorm::paramName),
            DecoderNorm.FREE.paramName());
  }

  /** The value of {@link #decoderNorm()}. */
  default String getDecoderNorm() {
    return getOrDefault(decoderNorm());
  }

  /**
   * Setters of the estimator.
   *
   * @param <S> the stage's own class
   */
  interface TrainingSetters<S> extends ArchitectureParams {

    /** Sets {@link #activation()}. */
    default S setActivation(String value) {
      return ParamSet.set(this, activation(), value);
    }

    /** Sets {@link #outputActivation()}. */
    default S setOutputActivation(String value) {
      return ParamSet.set(this, outputActivation(), value);
    }

    /** Sets {@link #tiedWeights()}. */
    default S setTiedWeights(boolean value) {
      return ParamSet.set(this, tiedWeights(), value);
    }

    /** Sets {@link #decoderNorm()}. */
    default S setDecoderNorm(String value) {
      return ParamSet.set(this, decoderNorm(), value);
    }
  }
}

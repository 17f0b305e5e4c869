package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Param;
import org.sparksae.core.model.InputNorm;
import org.sparksae.core.model.PreBias;
import org.sparksae.core.model.WeightStart;

/**
 * The pre-bias, the scale of the rows in training, and where a training starts that is given no
 * parameters.
 */
public interface StartParams extends ParamGroup {

  /**
   * Whether the encoder subtracts the decoder's bias from its input, and where this bias starts:
   * none, or at zeros, the mean or the geometricMedian of the training rows. For one fully
   * connected hidden layer and a linear reconstruction. With {@code targetCol} it is a vector of
   * its own. Where {@code initialModel} or a checkpoint gives the parameters, the bias starts
   * there.
   */
  default Param<String> preBias() {
    return paramSet()
        .text(
            "preBias",
            "whether the encoder subtracts the decoder's bias from its input, and where this bias "
                + "starts (zeros, or the mean or geometricMedian of the training rows); for one "
                + "fully connected layer and a linear reconstruction; with targetCol a vector of its "
                + "own; not set: mean with batchTopK, "
                + "jumpReluThreshold or gated, otherwise none",
            Rule.oneOf(PreBias.values(), PreBias::paramName),
            PreBias.NONE.paramName());
  }

  /** The value of {@link #preBias()}. */
  default String getPreBias() {
    return getOrDefault(preBias());
  }

  /**
   * The size of the rows that training sees. With sqrtSize they are multiplied by the factor that
   * makes their mean distance from their mean the square root of their number of columns; so
   * penalties, thresholds and bandwidths do not depend on the scale of the column. The trained
   * model takes the rows as they are. For {@code activation} and {@code outputActivation} relu or
   * linear.
   */
  default Param<String> inputNorm() {
    return paramSet()
        .text(
            "inputNorm",
            "size of the rows that training sees, which the model then takes as they are: that of "
                + "the column (none), or a mean distance from their mean of the square root of "
                + "their size (sqrtSize); for activations relu or linear; not set: sqrtSize with "
                + "batchTopK, jumpReluThreshold or gated, otherwise none",
            Rule.oneOf(InputNorm.values(), InputNorm::paramName),
            InputNorm.NONE.paramName());
  }

  /** The value of {@link #inputNorm()}. */
  default String getInputNorm() {
    return getOrDefault(inputNorm());
  }

  /**
   * Where weights start: all of them drawn by the sizes of their layer (glorot), or the decoder
   * vectors in random directions with length {@code initDecoderNorm}, and the encoder as the
   * decoder's transpose (tied).
   */
  default Param<String> initMode() {
    return paramSet()
        .text(
            "initMode",
            "where weights start: all drawn by the sizes of their layer (glorot), or decoder "
                + "vectors in random directions and the encoder as the decoder's transpose (tied); not "
                + "set: tied with batchTopK, jumpReluThreshold or gated without targetCol, otherwise "
                + "glorot",
            Rule.oneOf(WeightStart.values(), WeightStart::paramName),
            WeightStart.GLOROT.paramName());
  }

  /** The value of {@link #initMode()}. */
  default String getInitMode() {
    return getOrDefault(initMode());
  }

  /** Length of the decoder vectors at the start, with {@code initMode = tied}. */
  default DoubleParam initDecoderNorm() {
    return paramSet()
        .number(
            "initDecoderNorm",
            "length of the decoder vectors at the start, with initMode = tied",
            Rule.positiveFloat(),
            1.0);
  }

  /** The value of {@link #initDecoderNorm()}. */
  default double getInitDecoderNorm() {
    return (Double) getOrDefault(initDecoderNorm());
  }

  /**
   * Setters of the estimator.
   *
   * @param <S> the stage's own class
   */
  interface TrainingSetters<S> extends StartParams {

    /** Sets {@link #preBias()}. */
    default S setPreBias(String value) {
      return ParamSet.set(this, preBias(), value);
    }

    /** Sets {@link #inputNorm()}. */
    default S setInputNorm(String value) {
      return ParamSet.set(this, inputNorm(), value);
    }

    /** Sets {@link #initMode()}. */
    default S setInitMode(String value) {
      return ParamSet.set(this, initMode(), value);
    }

    /** Sets {@link #initDecoderNorm()}. */
    default S setInitDecoderNorm(double value) {
      return ParamSet.set(this, initDecoderNorm(), value);
    }
  }
}

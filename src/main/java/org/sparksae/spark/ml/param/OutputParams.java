package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;

/** The columns that {@code transform} adds, and what goes into them. */
public interface OutputParams extends ParamGroup, SharedParams.Output {

  /** Column that gets the code, a SparseVector; empty for none. */
  @Override
  default Param<String> outputCol() {
    return paramSet()
        .text(
            "outputCol",
            "column that gets the code, a SparseVector; empty: none",
            Rule.text(),
            uid() + "__output");
  }

  /** The value of {@link #outputCol()}. */
  @Override
  default String getOutputCol() {
    return getOrDefault(outputCol());
  }

  /** Column that gets the reconstruction, a Vector; empty for none. */
  default Param<String> reconstructionCol() {
    return paramSet()
        .text(
            "reconstructionCol",
            "column that gets the reconstruction, a Vector; empty: none",
            Rule.text(),
            "");
  }

  /** The value of {@link #reconstructionCol()}. */
  default String getReconstructionCol() {
    return getOrDefault(reconstructionCol());
  }

  /** Column that gets {@code |x_hat - x|^2 / d} of the row; empty for none. */
  default Param<String> reconstructionErrorCol() {
    return paramSet()
        .text(
            "reconstructionErrorCol",
            "column that gets the mean squared error of the row's reconstruction; empty: " + "none",
            Rule.text(),
            "");
  }

  /** The value of {@link #reconstructionErrorCol()}. */
  default String getReconstructionErrorCol() {
    return getOrDefault(reconstructionErrorCol());
  }

  /**
   * Hidden layer whose code outputCol gets, from 1 at the input inwards; not set: the last. The
   * reconstruction always uses the whole model.
   */
  default IntParam outputLayer() {
    return paramSet()
        .integer(
            "outputLayer",
            "hidden layer whose code outputCol gets, from 1 at the input inwards; the "
                + "reconstruction always uses the whole model; not set: the last layer",
            Rule.atLeast(1));
  }

  /** The value of {@link #outputLayer()}. */
  default int getOutputLayer() {
    return (Integer) getOrDefault(outputLayer());
  }

  /** Codes of smaller magnitude become zeros of the SparseVector, 0 or more. */
  default DoubleParam activationThreshold() {
    return paramSet()
        .number(
            "activationThreshold",
            "codes of smaller magnitude become zeros of the SparseVector (a sigmoid is "
                + "never exactly 0)",
            Rule.atLeastZero(),
            0.0);
  }

  /** The value of {@link #activationThreshold()}. */
  default double getActivationThreshold() {
    return (Double) getOrDefault(activationThreshold());
  }

  /**
   * Setters of estimator and model.
   *
   * @param <S> the stage's own class
   */
  interface Setters<S> extends OutputParams {

    /** Sets {@link #outputCol()}. */
    default S setOutputCol(String value) {
      return ParamSet.set(this, outputCol(), value);
    }

    /** Sets {@link #reconstructionCol()}. */
    default S setReconstructionCol(String value) {
      return ParamSet.set(this, reconstructionCol(), value);
    }

    /** Sets {@link #reconstructionErrorCol()}. */
    default S setReconstructionErrorCol(String value) {
      return ParamSet.set(this, reconstructionErrorCol(), value);
    }

    /** Sets {@link #outputLayer()}. */
    default S setOutputLayer(int value) {
      return ParamSet.set(this, outputLayer(), value);
    }

    /** Sets {@link #activationThreshold()}. */
    default S setActivationThreshold(double value) {
      return ParamSet.set(this, activationThreshold(), value);
    }
  }
}

package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;

/** Penalties that make mean activations small. */
public interface SparsityParams extends ParamGroup {

  /**
   * Penalty of each hidden layer, or one for all: kl, targetL1, targetL2, l1, l2, decoderL1, l0,
   * targetL0, tanh or none. The last three but none are for jumpReluThreshold.
   */
  default StringArrayParam sparsity() {
    return paramSet()
        .texts(
            "sparsity",
            "penalty of each hidden layer, or one for all; not set: l0 with jumpReluThreshold, l1 "
                + "with gated, none with another kind of code that selects units (such as k), "
                + "otherwise kl",
            Rule.eachOneOf(SparsityKind.values(), SparsityKind::paramName),
            SparsityKind.KL.paramName());
  }

  /** The value of {@link #sparsity()}. */
  default String[] getSparsity() {
    return getOrDefault(sparsity());
  }

  /** Weight w_k of each hidden layer's penalty, or one for all, 0 or more. */
  default DoubleArrayParam sparsityWeights() {
    return paramSet()
        .numbers(
            "sparsityWeights",
            "weight of each hidden layer's penalty, 0 or more, or one for all; not set: 1 with "
                + "jumpReluThreshold (but half the size of what is reconstructed for targetL0), 2 "
                + "with gated, otherwise 3",
            Rule.numbers(),
            3.0);
  }

  /** The value of {@link #sparsityWeights()}. */
  default double[] getSparsityWeights() {
    return getOrDefault(sparsityWeights());
  }

  /**
   * Target rho_k of each hidden layer, or one for all, within the activation's range. With {@code
   * sparsity} targetL0 the mean number of active units of a row.
   */
  default DoubleArrayParam sparsityTargets() {
    return paramSet()
        .numbers(
            "sparsityTargets",
            "target mean activation of each hidden layer, within the activation's range, or "
                + "one for all; with targetL0 the mean number of active units of a row",
            Rule.numbers(),
            0.05);
  }

  /** The value of {@link #sparsityTargets()}. */
  default double[] getSparsityTargets() {
    return getOrDefault(sparsityTargets());
  }

  /** Mean that a target is compared with: unit (over rows) or example (over units). */
  default Param<String> sparsityScope() {
    return paramSet()
        .text(
            "sparsityScope",
            "mean that a target is compared with: that of a unit over the rows (unit), or "
                + "that of a row over its units (example)",
            Rule.oneOf(SparsityScope.values(), SparsityScope::paramName),
            SparsityScope.UNIT.paramName());
  }

  /** The value of {@link #sparsityScope()}. */
  default String getSparsityScope() {
    return getOrDefault(sparsityScope());
  }

  /**
   * Steps in which the weight of the penalties rises in a line to {@code sparsityWeights}; 0 for
   * none. For adam.
   */
  default IntParam sparsityWarmupSteps() {
    return paramSet()
        .integer(
            "sparsityWarmupSteps",
            "steps, the first of the training, in which the weight of the penalties rises in a "
                + "line to sparsityWeights; for adam",
            Rule.atLeast(0),
            0);
  }

  /** The value of {@link #sparsityWarmupSteps()}. */
  default int getSparsityWarmupSteps() {
    return (Integer) getOrDefault(sparsityWarmupSteps());
  }

  /**
   * Setters of the estimator.
   *
   * @param <S> the stage's own class
   */
  interface TrainingSetters<S> extends SparsityParams {

    /** Sets {@link #sparsity()}. */
    default S setSparsity(String... value) {
      return ParamSet.set(this, sparsity(), value);
    }

    /** Sets {@link #sparsityWeights()}. */
    default S setSparsityWeights(double... value) {
      return ParamSet.set(this, sparsityWeights(), value);
    }

    /** Sets {@link #sparsityTargets()}. */
    default S setSparsityTargets(double... value) {
      return ParamSet.set(this, sparsityTargets(), value);
    }

    /** Sets {@link #sparsityWarmupSteps()}. */
    default S setSparsityWarmupSteps(int value) {
      return ParamSet.set(this, sparsityWarmupSteps(), value);
    }

    /** Sets {@link #sparsityScope()}. */
    default S setSparsityScope(String value) {
      return ParamSet.set(this, sparsityScope(), value);
    }
  }
}

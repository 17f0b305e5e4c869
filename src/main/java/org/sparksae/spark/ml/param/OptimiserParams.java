package org.sparksae.spark.ml.param;

import java.util.List;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.sparksae.core.optim.Adam;

/** How the objective is minimised. */
public interface OptimiserParams extends ParamGroup, SharedParams.Optimiser {

  /** l-bfgs (full batch) or adam (mini-batches). */
  @Override
  default Param<String> solver() {
    return paramSet()
        .text(
            "solver",
            "l-bfgs (full batch) or adam (mini-batches); not set: adam with batchTopK, "
                + "jumpReluThreshold or gated, otherwise l-bfgs",
            Rule.oneOf(List.of(Choices.LBFGS, Choices.ADAM)),
            Choices.LBFGS);
  }

  /** The value of {@link #solver()}. */
  @Override
  default String getSolver() {
    return getOrDefault(solver());
  }

  /** Maximum number of iterations. An iteration of adam is an epoch: one visit of every row. */
  @Override
  default IntParam maxIter() {
    return paramSet()
        .integer(
            "maxIter",
            "maximum number of iterations; an iteration of adam is an epoch: one visit of every row",
            Rule.atLeast(0),
            100);
  }

  /** The value of {@link #maxIter()}. */
  @Override
  default int getMaxIter() {
    return (Integer) getOrDefault(maxIter());
  }

  /**
   * Number of steps (mini-batches) of adam, in place of maxIter, which then has no meaning; it may
   * be less than an epoch. Not set: maxIter epochs.
   */
  default IntParam maxSteps() {
    return paramSet()
        .integer(
            "maxSteps",
            "number of steps of adam, in place of maxIter, which then has no meaning; less than "
                + "an epoch, or several; not set: the steps of maxIter epochs",
            Rule.atLeast(1));
  }

  /** The value of {@link #maxSteps()}. */
  default int getMaxSteps() {
    return (Integer) getOrDefault(maxSteps());
  }

  /** Whether the Params ask for any training, so maxSteps is set or maxIter is not 0. */
  default boolean trains() {
    return isDefined(maxSteps()) || getMaxIter() > 0;
  }

  /**
   * Rows of a mini-batch over all workers, for adam. Not set: {@code min(1024, max(16, rows /
   * 50))}, with the number of training rows, so that an epoch of few rows has 50 steps. The model
   * has the number that it was trained with.
   */
  default IntParam batchSize() {
    return paramSet()
        .integer(
            "batchSize",
            "rows of a mini-batch over all workers, for adam; not set: min(1024, max(16, "
                + "training rows / 50)), so that an epoch of few rows has 50 steps",
            Rule.atLeast(1));
  }

  /** The value of {@link #batchSize()}. */
  default int getBatchSize() {
    return (Integer) getOrDefault(batchSize());
  }

  /** Learning rate, above 0; for adam. */
  @Override
  default DoubleParam stepSize() {
    return paramSet().number("stepSize", "learning rate of adam", Rule.positiveFloat(), 1e-3);
  }

  /** The value of {@link #stepSize()}. */
  @Override
  default double getStepSize() {
    return (Double) getOrDefault(stepSize());
  }

  /** Steps in which the learning rate rises in a line to stepSize; 0 for none. For adam. */
  default IntParam warmupSteps() {
    return paramSet()
        .integer(
            "warmupSteps",
            "steps, the first of the training, in which the learning rate rises in a line to "
                + "stepSize; for adam",
            Rule.atLeast(0),
            0);
  }

  /** The value of {@link #warmupSteps()}. */
  default int getWarmupSteps() {
    return (Integer) getOrDefault(warmupSteps());
  }

  /**
   * Steps, the last of maxSteps or of the maxIter epochs, in which the learning rate falls in a
   * line to 0; 0 for none. For adam. A training that stops before, by tol or on validation rows,
   * does not reach them all.
   */
  default IntParam decaySteps() {
    return paramSet()
        .integer(
            "decaySteps",
            "steps, the last of maxSteps or of the maxIter epochs, in which the learning rate "
                + "falls in a line to 0; with warmupSteps, at most all steps; for adam",
            Rule.atLeast(0),
            0);
  }

  /** The value of {@link #decaySteps()}. */
  default int getDecaySteps() {
    return (Integer) getOrDefault(decaySteps());
  }

  /**
   * The largest Euclidean norm of a batch's gradient, over all parameters: a longer one is
   * shortened to it. Not set: no gradient is. For adam.
   */
  default DoubleParam gradientClip() {
    return paramSet()
        .number(
            "gradientClip",
            "largest Euclidean norm of a batch's gradient over all parameters; a longer one is "
                + "shortened to it; for adam; not set: none is",
            Rule.positiveFloat());
  }

  /** The value of {@link #gradientClip()}. */
  default double getGradientClip() {
    return (Double) getOrDefault(gradientClip());
  }

  /** How much of the mean gradient a step of adam keeps, in [0, 1). */
  default DoubleParam adamBeta1() {
    return paramSet()
        .number(
            "adamBeta1",
            "how much of the mean gradient a step of adam keeps",
            Rule.below(1),
            Adam.Settings.DEFAULT.beta1());
  }

  /** The value of {@link #adamBeta1()}. */
  default double getAdamBeta1() {
    return (Double) getOrDefault(adamBeta1());
  }

  /** How much of the mean squared gradient a step of adam keeps, in [0, 1). */
  default DoubleParam adamBeta2() {
    return paramSet()
        .number(
            "adamBeta2",
            "how much of the mean squared gradient a step of adam keeps",
            Rule.below(1),
            Adam.Settings.DEFAULT.beta2());
  }

  /** The value of {@link #adamBeta2()}. */
  default double getAdamBeta2() {
    return (Double) getOrDefault(adamBeta2());
  }

  /** What adam adds to the root of the mean squared gradient before it divides by it, above 0. */
  default DoubleParam adamEpsilon() {
    return paramSet()
        .number(
            "adamEpsilon",
            "what adam adds to the root of the mean squared gradient before it divides by it",
            Rule.positiveFloat(),
            Adam.Settings.DEFAULT.epsilon());
  }

  /** The value of {@link #adamEpsilon()}. */
  default double getAdamEpsilon() {
    return (Double) getOrDefault(adamEpsilon());
  }

  /** Training stops when an iteration changes the objective by at most this share of it. */
  @Override
  default DoubleParam tol() {
    return paramSet()
        .number(
            "tol",
            "training stops when an iteration changes the objective by at most this share of it",
            Rule.atLeastZero(),
            1e-6);
  }

  /** The value of {@link #tol()}. */
  @Override
  default double getTol() {
    return (Double) getOrDefault(tol());
  }

  /**
   * Weight decay lambda, 0 or more; biases are not decayed. If not set, it is 1e-4, or 0 with a
   * kind of code that keeps some units only (k, lifetimeSparsity …): decay shrinks the weights of a
   * unit that few rows keep faster than its gradients make them grow, until no row keeps it.
   */
  @Override
  default DoubleParam regParam() {
    return paramSet()
        .number(
            "regParam",
            "weight decay lambda of all layers; biases are not decayed; not set: 0 with a kind of "
                + "code that selects units (such as k), otherwise 1e-4",
            Rule.atLeastZero(),
            1e-4);
  }

  /** The value of {@link #regParam()}. */
  @Override
  default double getRegParam() {
    return (Double) getOrDefault(regParam());
  }

  /** Seed of the initial weights, of the rows' order and of the corruption. */
  @Override
  default LongParam seed() {
    return paramSet()
        .whole("seed", "seed of the initial weights, of the rows' order and of the corruption", 42);
  }

  /** The value of {@link #seed()}. */
  @Override
  default long getSeed() {
    return (Long) getOrDefault(seed());
  }

  /**
   * How the hidden layers are trained: joint (all together), greedy (one after the other, each on
   * the code of the one before) or greedyThenJoint (greedy, then all together from there). Each of
   * these trainings makes up to maxIter iterations.
   */
  default Param<String> layerTraining() {
    return paramSet()
        .text(
            "layerTraining",
            "how the hidden layers are trained: all together (joint), one after the other, "
                + "each on the code of the one before (greedy), or greedy and then all together "
                + "(greedyThenJoint)",
            Rule.oneOf(List.of(Choices.JOINT, Choices.GREEDY, Choices.GREEDY_THEN_JOINT)),
            Choices.JOINT);
  }

  /** The value of {@link #layerTraining()}. */
  default String getLayerTraining() {
    return getOrDefault(layerTraining());
  }

  /**
   * Directory of a saved model whose parameters a joint training begins with; empty for those of
   * the seed. Its layers, activations and kind must be those of the Params.
   */
  default Param<String> initialModel() {
    return paramSet()
        .text(
            "initialModel",
            "directory of a saved model whose parameters a joint training begins with; "
                + "empty: those of the seed",
            Rule.text(),
            "");
  }

  /** The value of {@link #initialModel()}. */
  default String getInitialModel() {
    return getOrDefault(initialModel());
  }

  /**
   * Setters of the estimator.
   *
   * @param <S> the stage's own class
   */
  interface TrainingSetters<S> extends OptimiserParams {

    /** Sets {@link #solver()}. */
    default S setSolver(String value) {
      return ParamSet.set(this, solver(), value);
    }

    /** Sets {@link #maxIter()}. */
    default S setMaxIter(int value) {
      return ParamSet.set(this, maxIter(), value);
    }

    /** Sets {@link #maxSteps()}. */
    default S setMaxSteps(int value) {
      return ParamSet.set(this, maxSteps(), value);
    }

    /** Sets {@link #batchSize()}. */
    default S setBatchSize(int value) {
      return ParamSet.set(this, batchSize(), value);
    }

    /** Sets {@link #stepSize()}. */
    default S setStepSize(double value) {
      return ParamSet.set(this, stepSize(), value);
    }

    /** Sets {@link #warmupSteps()}. */
    default S setWarmupSteps(int value) {
      return ParamSet.set(this, warmupSteps(), value);
    }

    /** Sets {@link #decaySteps()}. */
    default S setDecaySteps(int value) {
      return ParamSet.set(this, decaySteps(), value);
    }

    /** Sets {@link #gradientClip()}. */
    default S setGradientClip(double value) {
      return ParamSet.set(this, gradientClip(), value);
    }

    /** Sets {@link #adamBeta1()}. */
    default S setAdamBeta1(double value) {
      return ParamSet.set(this, adamBeta1(), value);
    }

    /** Sets {@link #adamBeta2()}. */
    default S setAdamBeta2(double value) {
      return ParamSet.set(this, adamBeta2(), value);
    }

    /** Sets {@link #adamEpsilon()}. */
    default S setAdamEpsilon(double value) {
      return ParamSet.set(this, adamEpsilon(), value);
    }

    /** Sets {@link #tol()}. */
    default S setTol(double value) {
      return ParamSet.set(this, tol(), value);
    }

    /** Sets {@link #regParam()}. */
    default S setRegParam(double value) {
      return ParamSet.set(this, regParam(), value);
    }

    /** Sets {@link #seed()}. */
    default S setSeed(long value) {
      return ParamSet.set(this, seed(), value);
    }

    /** Sets {@link #layerTraining()}. */
    default S setLayerTraining(String value) {
      return ParamSet.set(this, layerTraining(), value);
    }

    /** Sets {@link #initialModel()}. */
    default S setInitialModel(String value) {
      return ParamSet.set(this, initialModel(), value);
    }
  }
}

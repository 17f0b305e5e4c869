package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;

/** The Params of every autoencoder, estimator and model, and their getters. */
public interface AutoencoderParams
    extends CorruptionParams,
        OutlierParams,
        SharedParams.Columns,
        SharedParams.Validity,
        SharedParams.Training {

  @Override
  AutoencoderParamSet paramSet();

  /**
   * Column of input rows: Vector or array of numbers (float, double, tinyint, smallint, int,
   * bigint, decimal), at the top or as a field of structs ({@code s.features}). What a float cannot
   * hold is rounded.
   */
  @Override
  default Param<String> inputCol() {
    return paramSet().inputCol;
  }

  /** Column that gets the code, a SparseVector; empty for none. */
  @Override
  default Param<String> outputCol() {
    return paramSet().outputCol;
  }

  /** Column that gets the reconstruction, a Vector; empty for none. */
  default Param<String> reconstructionCol() {
    return paramSet().reconstructionCol;
  }

  /** Column that gets {@code |x_hat - x|^2 / d} of the row; empty for none. */
  default Param<String> reconstructionErrorCol() {
    return paramSet().reconstructionErrorCol;
  }

  /** Activation of the hidden layers: sigmoid, tanh, relu or linear. */
  default Param<String> activation() {
    return paramSet().activation;
  }

  /** Activation of the reconstruction: linear, sigmoid, tanh or relu, as the data range. */
  default Param<String> outputActivation() {
    return paramSet().outputActivation;
  }

  /** Penalty of each hidden layer, or one for all: kl, targetL1, targetL2, l1, l2 or none. */
  default StringArrayParam sparsity() {
    return paramSet().sparsity;
  }

  /** Weight w_k of each hidden layer's penalty, or one for all, 0 or more. */
  default DoubleArrayParam sparsityWeights() {
    return paramSet().sparsityWeights;
  }

  /** Target rho_k of each hidden layer, or one for all, within the activation's range. */
  default DoubleArrayParam sparsityTargets() {
    return paramSet().sparsityTargets;
  }

  /** Mean that a target is compared with: unit (over rows) or example (over units). */
  default Param<String> sparsityScope() {
    return paramSet().sparsityScope;
  }

  /** Whether the decoder uses the encoder's weights, transposed. */
  default BooleanParam tiedWeights() {
    return paramSet().tiedWeights;
  }

  /**
   * Weight decay lambda, 0 or more; biases are not decayed. Where it is not set, it is 1e-4, and 0
   * with {@link #k()} or {@link #lifetimeSparsity()}: decay shrinks the weights of a unit that is
   * kept in few rows faster than its gradients make them grow, until it is kept in none.
   */
  @Override
  default DoubleParam regParam() {
    return paramSet().regParam;
  }

  /** l-bfgs (full batch) or adam (mini-batches). */
  @Override
  default Param<String> solver() {
    return paramSet().solver;
  }

  /** Passes over the data at most: epochs of adam, iterations of l-bfgs. */
  @Override
  default IntParam maxIter() {
    return paramSet().maxIter;
  }

  /**
   * Rows of a mini-batch over all workers; for adam. Not set: {@code min(1024, max(16, rows /
   * 50))}, with the number of training rows, so that a pass over few rows has 50 steps. The model
   * has the number that it was trained with.
   */
  default IntParam batchSize() {
    return paramSet().batchSize;
  }

  /** Learning rate, above 0; for adam. */
  @Override
  default DoubleParam stepSize() {
    return paramSet().stepSize;
  }

  /** Stop when a pass changes the objective by at most this share of it. */
  @Override
  default DoubleParam tol() {
    return paramSet().tol;
  }

  /** Seed of the initial weights, of the rows' order and of {@link #corruption()}. */
  @Override
  default LongParam seed() {
    return paramSet().seed;
  }

  /** Column of row weights, 0 or more; empty for weight 1. */
  @Override
  default Param<String> weightCol() {
    return paramSet().weightCol;
  }

  /** Boolean column: rows with true are for early stopping only; empty for none. */
  @Override
  default Param<String> validationIndicatorCol() {
    return paramSet().validationIndicatorCol;
  }

  /**
   * How adam's workers add up their gradients: allReduce (with each other, many steps in one
   * barrier stage), tree (through the driver, a job for each step) or auto (allReduce where it can
   * run). l-bfgs always uses a tree.
   */
  default Param<String> aggregation() {
    return paramSet().aggregation;
  }

  /**
   * Workers of an allReduce, each one task on all of its {@code spark.task.cpus}; not set: as many
   * as can run at once. Another number gives other bits, as sums are cut otherwise.
   */
  default IntParam numWorkers() {
    return paramSet().numWorkers;
  }

  /** Levels of the tree that adds up the partitions' sums, 1 or more. */
  @Override
  default IntParam aggregationDepth() {
    return paramSet().aggregationDepth;
  }

  /**
   * Directory for checkpoints, on any file system that Hadoop knows; empty for none. A fit that
   * finds checkpoints of its own there goes on from the newest, to the same bits, and refuses those
   * of another one. Each training needs a directory of its own.
   */
  default Param<String> checkpointDir() {
    return paramSet().checkpointDir;
  }

  /** Passes between checkpoints, 1 or more. */
  @Override
  default IntParam checkpointInterval() {
    return paramSet().checkpointInterval;
  }

  /** What to do with a row that is null, of another size or not finite: error or skip. */
  @Override
  default Param<String> handleInvalid() {
    return paramSet().handleInvalid;
  }

  /** Codes of smaller magnitude are zeros of the SparseVector, 0 or more. */
  default DoubleParam activationThreshold() {
    return paramSet().activationThreshold;
  }

  /**
   * Units of a code that are kept, the largest; the others are 0: a k-sparse autoencoder. Not set:
   * all are kept. With it, {@link #activation()} is linear, {@link #sparsity()} none and {@link
   * #regParam()} 0 where they are not set.
   */
  default IntParam k() {
    return paramSet().k;
  }

  /**
   * Units that are kept in the first pass, k or more; the number falls in a line to k over the
   * first half of maxIter, so that no unit stays unused from the start. For adam.
   */
  default IntParam kStart() {
    return paramSet().kStart;
  }

  /**
   * Units of a code that transform keeps; not set: k. More than k (some 3 k) help a classifier that
   * learns from the codes (Makhzani and Frey 2013).
   */
  default IntParam encodeK() {
    return paramSet().encodeK;
  }

  /** What makes a unit one of the k largest: magnitude or value. */
  default Param<String> topKBy() {
    return paramSet().topKBy;
  }

  /**
   * Lifetime winner-take-all: the part of a batch for which each unit of the code stays active in
   * training, in (0, 1). Of its activations over the whole batch, on all workers, the largest
   * {@code ceil(lifetimeSparsity N)} stay, if they are above 0, and the others are 0; those that
   * equal the last stay together. Not set: all stay. With it, {@link #activation()} is relu, {@link
   * #sparsity()} none and {@link #regParam()} 0 where they are not set. A batch is batchSize rows
   * of adam, and all rows of l-bfgs and of validation. What transform gives, and the summary's
   * statistics, are of the plain code, without competition between rows (Makhzani and Frey 2015).
   */
  default DoubleParam lifetimeSparsity() {
    return paramSet().lifetimeSparsity;
  }

  /**
   * How the hidden layers are trained: joint (all together), greedy (one after the other, each on
   * the code of the one before) or greedyThenJoint (greedy, and then all together from there). Each
   * of these trainings makes up to maxIter passes.
   */
  default Param<String> layerTraining() {
    return paramSet().layerTraining;
  }

  /**
   * Directory of a saved model whose parameters a joint training begins with; empty for those of
   * the seed. Its layers, activations and kind must be those of the Params.
   */
  default Param<String> initialModel() {
    return paramSet().initialModel;
  }

  /**
   * Hidden layer whose code outputCol gets, from 1 at the input inwards; not set: the last. The
   * reconstruction is of the whole model in any case.
   */
  default IntParam outputLayer() {
    return paramSet().outputLayer;
  }

  /** The value of {@link #layerTraining()}. */
  default String getLayerTraining() {
    return getOrDefault(layerTraining());
  }

  /** The value of {@link #initialModel()}. */
  default String getInitialModel() {
    return getOrDefault(initialModel());
  }

  /** The value of {@link #outputLayer()}. */
  default int getOutputLayer() {
    return (Integer) getOrDefault(outputLayer());
  }

  /** The value of {@link #k()}. */
  default int getK() {
    return (Integer) getOrDefault(k());
  }

  /** The value of {@link #kStart()}. */
  default int getKStart() {
    return (Integer) getOrDefault(kStart());
  }

  /** The value of {@link #encodeK()}. */
  default int getEncodeK() {
    return (Integer) getOrDefault(encodeK());
  }

  /** The value of {@link #lifetimeSparsity()}. */
  default double getLifetimeSparsity() {
    return (Double) getOrDefault(lifetimeSparsity());
  }

  /** The value of {@link #topKBy()}. */
  default String getTopKBy() {
    return getOrDefault(topKBy());
  }

  /** The value of {@link #inputCol()}. */
  @Override
  default String getInputCol() {
    return getOrDefault(inputCol());
  }

  /** The value of {@link #outputCol()}. */
  @Override
  default String getOutputCol() {
    return getOrDefault(outputCol());
  }

  /** The value of {@link #reconstructionCol()}. */
  default String getReconstructionCol() {
    return getOrDefault(reconstructionCol());
  }

  /** The value of {@link #reconstructionErrorCol()}. */
  default String getReconstructionErrorCol() {
    return getOrDefault(reconstructionErrorCol());
  }

  /** The value of {@link #activation()}. */
  default String getActivation() {
    return getOrDefault(activation());
  }

  /** The value of {@link #outputActivation()}. */
  default String getOutputActivation() {
    return getOrDefault(outputActivation());
  }

  /** The value of {@link #sparsity()}. */
  default String[] getSparsity() {
    return getOrDefault(sparsity());
  }

  /** The value of {@link #sparsityWeights()}. */
  default double[] getSparsityWeights() {
    return getOrDefault(sparsityWeights());
  }

  /** The value of {@link #sparsityTargets()}. */
  default double[] getSparsityTargets() {
    return getOrDefault(sparsityTargets());
  }

  /** The value of {@link #sparsityScope()}. */
  default String getSparsityScope() {
    return getOrDefault(sparsityScope());
  }

  /** The value of {@link #tiedWeights()}. */
  default boolean getTiedWeights() {
    return (Boolean) getOrDefault(tiedWeights());
  }

  /** The value of {@link #regParam()}; where it is not set, as {@link #k()} and others have it. */
  @Override
  default double getRegParam() {
    boolean keepsSome = isDefined(k()) || isDefined(lifetimeSparsity());
    return keepsSome && !isSet(regParam()) ? 0 : (Double) getOrDefault(regParam());
  }

  /** The value of {@link #solver()}. */
  @Override
  default String getSolver() {
    return getOrDefault(solver());
  }

  /** The value of {@link #maxIter()}. */
  @Override
  default int getMaxIter() {
    return (Integer) getOrDefault(maxIter());
  }

  /** The value of {@link #batchSize()}. */
  default int getBatchSize() {
    return (Integer) getOrDefault(batchSize());
  }

  /** The value of {@link #stepSize()}. */
  @Override
  default double getStepSize() {
    return (Double) getOrDefault(stepSize());
  }

  /** The value of {@link #tol()}. */
  @Override
  default double getTol() {
    return (Double) getOrDefault(tol());
  }

  /** The value of {@link #seed()}. */
  @Override
  default long getSeed() {
    return (Long) getOrDefault(seed());
  }

  /** The value of {@link #weightCol()}. */
  @Override
  default String getWeightCol() {
    return getOrDefault(weightCol());
  }

  /** The value of {@link #validationIndicatorCol()}. */
  @Override
  default String getValidationIndicatorCol() {
    return getOrDefault(validationIndicatorCol());
  }

  /** The value of {@link #aggregation()}. */
  default String getAggregation() {
    return getOrDefault(aggregation());
  }

  /** The value of {@link #numWorkers()}. */
  default int getNumWorkers() {
    return (Integer) getOrDefault(numWorkers());
  }

  /** The value of {@link #aggregationDepth()}. */
  @Override
  default int getAggregationDepth() {
    return (Integer) getOrDefault(aggregationDepth());
  }

  /** The value of {@link #checkpointDir()}. */
  default String getCheckpointDir() {
    return getOrDefault(checkpointDir());
  }

  /** The value of {@link #checkpointInterval()}. */
  @Override
  default int getCheckpointInterval() {
    return (Integer) getOrDefault(checkpointInterval());
  }

  /** The value of {@link #handleInvalid()}. */
  @Override
  default String getHandleInvalid() {
    return getOrDefault(handleInvalid());
  }

  /** The value of {@link #activationThreshold()}. */
  default double getActivationThreshold() {
    return (Double) getOrDefault(activationThreshold());
  }
}

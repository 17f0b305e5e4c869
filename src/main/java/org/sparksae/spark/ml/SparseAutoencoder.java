package org.sparksae.spark.ml;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.nn.AutoencoderSpec;
import org.sparksae.core.train.CodeStatistics;
import org.sparksae.spark.data.BlockedRows;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.exchange.TreeSum;
import org.sparksae.spark.exchange.WorkerPlan;

/**
 * Trains a sparse autoencoder, data-parallel over the partitions of a DataFrame.
 *
 * <pre>
 * J = (1/N) sum over i of 1/2 |x_hat_i - x_i|^2  +  (lambda / 2) sum over layers of |W|^2  +  sum over k of w_k S_k
 * </pre>
 *
 * <p>with lambda = {@code regParam}, w_k = {@code sparsityWeights}, S_k the penalty {@code
 * sparsity} on hidden layer k with target {@code sparsityTargets}, and N the number of rows (the
 * sum of weights, with {@code weightCol}). A form {@code |X - X_hat|^2 + lambda' KL} is this one
 * with {@code lambda' = 2 N w}. Gradients are exact: the mean activations that a penalty compares
 * with its target are those of all rows of the batch, on all workers. All hidden layers are trained
 * jointly, or with {@code layerTraining} one after the other: each is then an autoencoder of the
 * code of the layer before, which its objective J takes for x, and whose activation reconstructs
 * it.
 *
 * <p>Equal rows in equal partitions, Params, seed and kernel backend give equal weights, bit for
 * bit.
 *
 * <p>With a {@code checkpointDir}, a fit that was cut off goes on from its last checkpoint when it
 * is made again, and gives the model that it would have given.
 *
 * <p>Source: Ng, CS294A lecture notes "Sparse autoencoder" (2011). One layer after the other:
 * Hinton and Salakhutdinov (2006); Bengio and others, Greedy Layer-Wise Training of Deep Networks
 * (2007).
 */
public final class SparseAutoencoder extends Estimator<SparseAutoencoderModel>
    implements AutoencoderParams, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(SparseAutoencoder.class);

  private final String uid;
  private final AutoencoderParamSet params;

  /** An estimator with a uid of its own. */
  public SparseAutoencoder() {
    this(Identifiable$.MODULE$.randomUID("sparseAutoencoder"));
  }

  /** An estimator with a given uid. */
  public SparseAutoencoder(String uid) {
    this.uid = uid;
    this.params = new AutoencoderParamSet(this);
    params.setDefaults(this);
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public AutoencoderParamSet paramSet() {
    return params;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    SpecBuilder.build(this, 1);
    Schemas.checkTrainingColumns(this, schema);
    int[] layers = getHiddenLayers();
    int codeSize = layers[SpecBuilder.outputLayer(this, layers.length) - 1];
    return Schemas.transform(this, schema, -1, codeSize);
  }

  /**
   * Trains a model.
   *
   * @param dataset rows with {@code inputCol} and, if set, {@code weightCol} and {@code
   *     validationIndicatorCol}
   * @throws IllegalArgumentException if a Param, a column or a row is not valid, or {@code
   *     checkpointDir} has checkpoints of another training; before training begins
   * @throws java.io.UncheckedIOException if a checkpoint cannot be written
   * @throws org.sparksae.core.train.DivergedException if the objective stops being finite
   */
  @Override
  public SparseAutoencoderModel fit(Dataset<?> dataset) {
    long start = System.nanoTime();
    transformSchema(dataset.schema());
    FeatureColumn column = FeatureColumn.of(dataset, "inputCol", getInputCol());
    AutoencoderSpec spec = SpecBuilder.build(this, column.size());
    Configuration hadoop = dataset.sparkSession().sparkContext().hadoopConfiguration();
    float[] initial = InitialModel.parameters(this, spec, hadoop);
    WorkerPlan plan = plan(dataset);
    try (BlockedRows training = read(trainingRows(dataset), column, spec, plan);
        BlockedRows validation = readValidation(dataset, column, spec, plan)) {
      requireRows(training);
      requireValidation(validation);
      TreeSum data = new TreeSum(training, getAggregationDepth());
      BlockedRows held = validation == null || validation.rows() == 0 ? null : validation;
      StagedTraining stages = new StagedTraining(this, plan, hadoop);
      float[] parameters = stages.run(spec, new TrainingRows(training, held), initial);
      CodeStatistics statistics =
          CodeStatistics.of(spec, parameters, data, getActivationThreshold());
      SparseAutoencoderTrainingSummary summary =
          new SparseAutoencoderTrainingSummary(
              stages.stages(),
              statistics,
              training.skippedRows(),
              (System.nanoTime() - start) / 1e9,
              data.kernelBackend());
      return copyValues(new SparseAutoencoderModel(uid, spec, parameters), ParamMap.empty())
          .setSummary(summary)
          .setParent(this);
    }
  }

  private Dataset<?> trainingRows(Dataset<?> dataset) {
    return getValidationIndicatorCol().isEmpty()
        ? dataset
        : dataset.filter(functions.not(isValidation()));
  }

  /** Null is no validation row. */
  private Column isValidation() {
    Column indicator = functions.col(FeatureColumn.quote(getValidationIndicatorCol()));
    return functions.coalesce(indicator, functions.lit(false));
  }

  private BlockedRows readValidation(
      Dataset<?> dataset, FeatureColumn column, AutoencoderSpec spec, WorkerPlan plan) {
    return getValidationIndicatorCol().isEmpty()
        ? null
        : read(dataset.filter(isValidation()), column, spec, plan);
  }

  private BlockedRows read(
      Dataset<?> rows, FeatureColumn column, AutoencoderSpec spec, WorkerPlan plan) {
    boolean skip = getHandleInvalid().equals(AutoencoderParamSet.SKIP);
    return BlockedRows.read(rows, column, getWeightCol(), spec.tileRows(), skip, plan.workers());
  }

  private WorkerPlan plan(Dataset<?> dataset) {
    int workers = isDefined(numWorkers()) ? getNumWorkers() : 0;
    return getSolver().equals(AutoencoderParamSet.ADAM)
        ? WorkerPlan.of(dataset.sparkSession().sparkContext(), getAggregation(), workers)
        : WorkerPlan.tree();
  }

  private void requireRows(BlockedRows training) {
    if (training.rows() == 0) {
      throw new IllegalArgumentException(
          "inputCol: column '%s' has no valid row to train on (%d were skipped)"
              .formatted(getInputCol(), training.skippedRows()));
    }
    if (training.weight() == 0) {
      throw new IllegalArgumentException(
          "weightCol: the weights of column '%s' sum to 0; at least one row must weigh more"
              .formatted(getWeightCol()));
    }
  }

  private void requireValidation(BlockedRows validation) {
    if (validation == null) {
      return;
    }
    if (validation.rows() == 0) {
      LOG.warn(
          "validationIndicatorCol '{}' selects no row: training will not stop early",
          getValidationIndicatorCol());
    } else if (validation.weight() == 0) {
      throw new IllegalArgumentException(
          "weightCol: the weights of the validation rows in column '%s' sum to 0; at least one row must weigh more"
              .formatted(getWeightCol()));
    }
  }

  @Override
  public SparseAutoencoder copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads what {@link #write()} saved. */
  public static MLReader<SparseAutoencoder> read() {
    return new ParamsReader<>(SparseAutoencoder.class, SparseAutoencoder::new);
  }

  /** Loads a saved estimator. */
  public static SparseAutoencoder load(String path) {
    return read().load(path);
  }

  /** Sets {@link #inputCol()}. */
  public SparseAutoencoder setInputCol(String value) {
    set(inputCol(), value);
    return this;
  }

  /** Sets {@link #outputCol()}. */
  public SparseAutoencoder setOutputCol(String value) {
    set(outputCol(), value);
    return this;
  }

  /** Sets {@link #reconstructionCol()}. */
  public SparseAutoencoder setReconstructionCol(String value) {
    set(reconstructionCol(), value);
    return this;
  }

  /** Sets {@link #reconstructionErrorCol()}. */
  public SparseAutoencoder setReconstructionErrorCol(String value) {
    set(reconstructionErrorCol(), value);
    return this;
  }

  /** Sets {@link #hiddenLayers()}. */
  public SparseAutoencoder setHiddenLayers(int... value) {
    set(hiddenLayers(), value);
    return this;
  }

  /** Sets {@link #activation()}. */
  public SparseAutoencoder setActivation(String value) {
    set(activation(), value);
    return this;
  }

  /** Sets {@link #outputActivation()}. */
  public SparseAutoencoder setOutputActivation(String value) {
    set(outputActivation(), value);
    return this;
  }

  /** Sets {@link #sparsity()}. */
  public SparseAutoencoder setSparsity(String... value) {
    set(sparsity(), value);
    return this;
  }

  /** Sets {@link #sparsityWeights()}. */
  public SparseAutoencoder setSparsityWeights(double... value) {
    set(sparsityWeights(), value);
    return this;
  }

  /** Sets {@link #sparsityTargets()}. */
  public SparseAutoencoder setSparsityTargets(double... value) {
    set(sparsityTargets(), value);
    return this;
  }

  /** Sets {@link #sparsityScope()}. */
  public SparseAutoencoder setSparsityScope(String value) {
    set(sparsityScope(), value);
    return this;
  }

  /** Sets {@link #tiedWeights()}. */
  public SparseAutoencoder setTiedWeights(boolean value) {
    set(tiedWeights(), value);
    return this;
  }

  /** Sets {@link #regParam()}. */
  public SparseAutoencoder setRegParam(double value) {
    set(regParam(), value);
    return this;
  }

  /** Sets {@link #solver()}. */
  public SparseAutoencoder setSolver(String value) {
    set(solver(), value);
    return this;
  }

  /** Sets {@link #maxIter()}. */
  public SparseAutoencoder setMaxIter(int value) {
    set(maxIter(), value);
    return this;
  }

  /** Sets {@link #batchSize()}. */
  public SparseAutoencoder setBatchSize(int value) {
    set(batchSize(), value);
    return this;
  }

  /** Sets {@link #stepSize()}. */
  public SparseAutoencoder setStepSize(double value) {
    set(stepSize(), value);
    return this;
  }

  /** Sets {@link #tol()}. */
  public SparseAutoencoder setTol(double value) {
    set(tol(), value);
    return this;
  }

  /** Sets {@link #seed()}. */
  public SparseAutoencoder setSeed(long value) {
    set(seed(), value);
    return this;
  }

  /** Sets {@link #weightCol()}. */
  public SparseAutoencoder setWeightCol(String value) {
    set(weightCol(), value);
    return this;
  }

  /** Sets {@link #validationIndicatorCol()}. */
  public SparseAutoencoder setValidationIndicatorCol(String value) {
    set(validationIndicatorCol(), value);
    return this;
  }

  /** Sets {@link #aggregation()}. */
  public SparseAutoencoder setAggregation(String value) {
    set(aggregation(), value);
    return this;
  }

  /** Sets {@link #numWorkers()}. */
  public SparseAutoencoder setNumWorkers(int value) {
    set(numWorkers(), value);
    return this;
  }

  /** Sets {@link #aggregationDepth()}. */
  public SparseAutoencoder setAggregationDepth(int value) {
    set(aggregationDepth(), value);
    return this;
  }

  /** Sets {@link #checkpointDir()}. */
  public SparseAutoencoder setCheckpointDir(String value) {
    set(checkpointDir(), value);
    return this;
  }

  /** Sets {@link #checkpointInterval()}. */
  public SparseAutoencoder setCheckpointInterval(int value) {
    set(checkpointInterval(), value);
    return this;
  }

  /** Sets {@link #handleInvalid()}. */
  public SparseAutoencoder setHandleInvalid(String value) {
    set(handleInvalid(), value);
    return this;
  }

  /** Sets {@link #activationThreshold()}. */
  public SparseAutoencoder setActivationThreshold(double value) {
    set(activationThreshold(), value);
    return this;
  }

  /** Sets {@link #k()}. */
  public SparseAutoencoder setK(int value) {
    set(k(), value);
    return this;
  }

  /** Sets {@link #kStart()}. */
  public SparseAutoencoder setKStart(int value) {
    set(kStart(), value);
    return this;
  }

  /** Sets {@link #encodeK()}. */
  public SparseAutoencoder setEncodeK(int value) {
    set(encodeK(), value);
    return this;
  }

  /** Sets {@link #topKBy()}. */
  public SparseAutoencoder setTopKBy(String value) {
    set(topKBy(), value);
    return this;
  }

  /** Sets {@link #layerTraining()}. */
  public SparseAutoencoder setLayerTraining(String value) {
    set(layerTraining(), value);
    return this;
  }

  /** Sets {@link #initialModel()}. */
  public SparseAutoencoder setInitialModel(String value) {
    set(initialModel(), value);
    return this;
  }

  /** Sets {@link #outputLayer()}. */
  public SparseAutoencoder setOutputLayer(int value) {
    set(outputLayer(), value);
    return this;
  }
}

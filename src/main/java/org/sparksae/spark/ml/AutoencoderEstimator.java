package org.sparksae.spark.ml;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.train.CodeStatistics;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.exchange.TreeSum;
import org.sparksae.spark.exchange.WorkerPlan;
import org.sparksae.spark.job.SparkJobs;

/**
 * What the estimators of autoencoders share: everything but the shape of the model that they train.
 *
 * @param <E> the estimator itself, which its setters return
 * @param <M> its model
 */
public abstract class AutoencoderEstimator<
        E extends AutoencoderEstimator<E, M>, M extends AutoencoderModel<M>>
    extends Estimator<M> implements AutoencoderParams, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(AutoencoderEstimator.class);

  /** Of this package: a model is what its readers, too, know. */
  AutoencoderEstimator() {}

  /**
   * The model that the Params describe, for rows of a size.
   *
   * @param inputSize values of a row, or 0 where it is not known yet
   * @throws IllegalArgumentException naming the Param, its value and the rule, if the Params do not
   *     make a model
   */
  abstract AutoencoderSpec spec(int inputSize);

  /** A trained model, without Params. */
  abstract M model(AutoencoderSpec spec, float[] parameters);

  @Override
  public StructType transformSchema(StructType schema) {
    AutoencoderSpec spec = spec(0);
    SpecBuilder.corruption(this);
    Outliers.check(this);
    Schemas.checkTrainingColumns(this, schema);
    return Schemas.transform(this, schema, -1, OutputCode.of(this, spec).size());
  }

  /**
   * Trains a model.
   *
   * @param dataset rows with {@code inputCol} and, if set, {@code weightCol} and {@code
   *     validationIndicatorCol}
   * @throws IllegalArgumentException if a Param, a column or a row is not valid, {@code
   *     checkpointDir} has checkpoints of another training, or the memory is sure to be too small;
   *     before training begins
   * @throws java.io.UncheckedIOException if a checkpoint cannot be written
   * @throws org.sparksae.core.train.DivergedException if the objective stops being finite
   * @throws org.sparksae.spark.exchange.MissingSlotsException if {@code aggregation} is allReduce
   *     and the workers do not get their slots
   * @throws java.util.concurrent.CancellationException if a job was cancelled, this thread was
   *     interrupted, or Spark was stopped; nothing goes on then, and nothing is left
   */
  @Override
  public M fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    SparkContext context = dataset.sparkSession().sparkContext();
    return SparkJobs.run(context, "training", () -> train(dataset));
  }

  private M train(Dataset<?> dataset) {
    long start = System.nanoTime();
    FeatureColumn column = FeatureColumn.of(dataset, "inputCol", getInputCol());
    AutoencoderSpec spec = spec(column.size());
    Configuration hadoop = dataset.sparkSession().sparkContext().hadoopConfiguration();
    float[] initial = InitialModel.parameters(this, spec, hadoop);
    WorkerPlan plan = plan(dataset);
    MemoryNeed.requireForFit(this, spec, plan, dataset.sparkSession().sparkContext());
    try (TrainingRows rows = new TrainingData(this, dataset, column).read(spec, plan)) {
      StagedTraining stages = new StagedTraining(this, plan, hadoop);
      float[] parameters = stages.run(spec, rows, initial);
      TreeSum data = new TreeSum(rows.training(), getAggregationDepth());
      M model = copyValues(model(spec, parameters), ParamMap.empty());
      keepBatchSize(model, rows);
      CodeStatistics statistics = CodeStatistics.of(model.codeForm(), parameters, data);
      SparseAutoencoderTrainingSummary summary =
          new SparseAutoencoderTrainingSummary(
              stages.stages(),
              statistics,
              rows.training().skippedRows(),
              (System.nanoTime() - start) / 1e9,
              data.kernelBackend(),
              warnings(model, stages.stages(), statistics, rows));
      Outliers.setThreshold(model, data);
      return model.setSummary(summary).setParent(this);
    }
  }

  /** A model says what its batches were, as the default depends on the rows. */
  private void keepBatchSize(M model, TrainingRows rows) {
    if (getSolver().equals(AutoencoderParamSet.ADAM)) {
      model.set(model.batchSize(), AutoencoderParamSet.batchSize(this, rows.training().rows()));
    }
  }

  private List<TrainingWarning> warnings(
      M model, List<TrainingStage> stages, CodeStatistics statistics, TrainingRows rows) {
    List<TrainingWarning> warnings =
        new FitDiagnosis(model, stages, statistics, rows.training().hasSparseRows()).warnings();
    warnings.forEach(warning -> LOG.warn("{}", warning.message()));
    return warnings;
  }

  private WorkerPlan plan(Dataset<?> dataset) {
    int workers = isDefined(numWorkers()) ? getNumWorkers() : 0;
    return getSolver().equals(AutoencoderParamSet.ADAM)
        ? WorkerPlan.of(dataset.sparkSession().sparkContext(), getAggregation(), workers)
        : WorkerPlan.tree();
  }

  @Override
  public E copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  @SuppressWarnings("unchecked") // E is the estimator's own class.
  private E self() {
    return (E) this;
  }

  /** Sets {@link #inputCol()}. */
  public E setInputCol(String value) {
    set(inputCol(), value);
    return self();
  }

  /** Sets {@link #outputCol()}. */
  public E setOutputCol(String value) {
    set(outputCol(), value);
    return self();
  }

  /** Sets {@link #reconstructionCol()}. */
  public E setReconstructionCol(String value) {
    set(reconstructionCol(), value);
    return self();
  }

  /** Sets {@link #reconstructionErrorCol()}. */
  public E setReconstructionErrorCol(String value) {
    set(reconstructionErrorCol(), value);
    return self();
  }

  /** Sets {@link #activation()}. */
  public E setActivation(String value) {
    set(activation(), value);
    return self();
  }

  /** Sets {@link #outputActivation()}. */
  public E setOutputActivation(String value) {
    set(outputActivation(), value);
    return self();
  }

  /** Sets {@link #sparsity()}. */
  public E setSparsity(String... value) {
    set(sparsity(), value);
    return self();
  }

  /** Sets {@link #sparsityWeights()}. */
  public E setSparsityWeights(double... value) {
    set(sparsityWeights(), value);
    return self();
  }

  /** Sets {@link #sparsityTargets()}. */
  public E setSparsityTargets(double... value) {
    set(sparsityTargets(), value);
    return self();
  }

  /** Sets {@link #sparsityScope()}. */
  public E setSparsityScope(String value) {
    set(sparsityScope(), value);
    return self();
  }

  /** Sets {@link #tiedWeights()}. */
  public E setTiedWeights(boolean value) {
    set(tiedWeights(), value);
    return self();
  }

  /** Sets {@link #regParam()}. */
  public E setRegParam(double value) {
    set(regParam(), value);
    return self();
  }

  /** Sets {@link #solver()}. */
  public E setSolver(String value) {
    set(solver(), value);
    return self();
  }

  /** Sets {@link #maxIter()}. */
  public E setMaxIter(int value) {
    set(maxIter(), value);
    return self();
  }

  /** Sets {@link #batchSize()}. */
  public E setBatchSize(int value) {
    set(batchSize(), value);
    return self();
  }

  /** Sets {@link #stepSize()}. */
  public E setStepSize(double value) {
    set(stepSize(), value);
    return self();
  }

  /** Sets {@link #tol()}. */
  public E setTol(double value) {
    set(tol(), value);
    return self();
  }

  /** Sets {@link #seed()}. */
  public E setSeed(long value) {
    set(seed(), value);
    return self();
  }

  /** Sets {@link #weightCol()}. */
  public E setWeightCol(String value) {
    set(weightCol(), value);
    return self();
  }

  /** Sets {@link #validationIndicatorCol()}. */
  public E setValidationIndicatorCol(String value) {
    set(validationIndicatorCol(), value);
    return self();
  }

  /** Sets {@link #aggregation()}. */
  public E setAggregation(String value) {
    set(aggregation(), value);
    return self();
  }

  /** Sets {@link #numWorkers()}. */
  public E setNumWorkers(int value) {
    set(numWorkers(), value);
    return self();
  }

  /** Sets {@link #aggregationDepth()}. */
  public E setAggregationDepth(int value) {
    set(aggregationDepth(), value);
    return self();
  }

  /** Sets {@link #checkpointDir()}. */
  public E setCheckpointDir(String value) {
    set(checkpointDir(), value);
    return self();
  }

  /** Sets {@link #checkpointInterval()}. */
  public E setCheckpointInterval(int value) {
    set(checkpointInterval(), value);
    return self();
  }

  /** Sets {@link #handleInvalid()}. */
  public E setHandleInvalid(String value) {
    set(handleInvalid(), value);
    return self();
  }

  /** Sets {@link #activationThreshold()}. */
  public E setActivationThreshold(double value) {
    set(activationThreshold(), value);
    return self();
  }

  /** Sets {@link #k()}. */
  public E setK(int value) {
    set(k(), value);
    return self();
  }

  /** Sets {@link #kStart()}. */
  public E setKStart(int value) {
    set(kStart(), value);
    return self();
  }

  /** Sets {@link #lifetimeSparsity()}. */
  public E setLifetimeSparsity(double value) {
    set(lifetimeSparsity(), value);
    return self();
  }

  /** Sets {@link #encodeK()}. */
  public E setEncodeK(int value) {
    set(encodeK(), value);
    return self();
  }

  /** Sets {@link #topKBy()}. */
  public E setTopKBy(String value) {
    set(topKBy(), value);
    return self();
  }

  /** Sets {@link #layerTraining()}. */
  public E setLayerTraining(String value) {
    set(layerTraining(), value);
    return self();
  }

  /** Sets {@link #initialModel()}. */
  public E setInitialModel(String value) {
    set(initialModel(), value);
    return self();
  }

  /** Sets {@link #outputLayer()}. */
  public E setOutputLayer(int value) {
    set(outputLayer(), value);
    return self();
  }

  /** Sets {@link #corruption()}. */
  public E setCorruption(String value) {
    set(corruption(), value);
    return self();
  }

  /** Sets {@link #corruptionLevel()}. */
  public E setCorruptionLevel(double value) {
    set(corruptionLevel(), value);
    return self();
  }

  /** Sets {@link #contamination()}. */
  public E setContamination(double value) {
    set(contamination(), value);
    return self();
  }

  /** Sets {@link #outlierThreshold()}. */
  public E setOutlierThreshold(double value) {
    set(outlierThreshold(), value);
    return self();
  }

  /** Sets {@link #outlierCol()}. */
  public E setOutlierCol(String value) {
    set(outlierCol(), value);
    return self();
  }
}

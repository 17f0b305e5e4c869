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
import org.sparksae.core.rows.PartitionSum;
import org.sparksae.core.stats.CodeStatistics;
import org.sparksae.core.stats.ErrorQuantile;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.exchange.TreeSum;
import org.sparksae.spark.exchange.WorkerPlan;
import org.sparksae.spark.job.SparkJobs;
import org.sparksae.spark.ml.fit.BatchSize;
import org.sparksae.spark.ml.fit.FitDiagnosis;
import org.sparksae.spark.ml.fit.InitialModel;
import org.sparksae.spark.ml.fit.ModelMemory;
import org.sparksae.spark.ml.fit.Outliers;
import org.sparksae.spark.ml.fit.StageResult;
import org.sparksae.spark.ml.fit.StagedTraining;
import org.sparksae.spark.ml.fit.TrainingData;
import org.sparksae.spark.ml.fit.TrainingRows;
import org.sparksae.spark.ml.param.AutoencoderParams;
import org.sparksae.spark.ml.param.Choices;
import org.sparksae.spark.ml.param.ParamSet;
import org.sparksae.spark.ml.param.SpecBuilder;
import org.sparksae.spark.ml.transform.OutputCode;
import org.sparksae.spark.ml.transform.Schemas;

/**
 * What the estimators of autoencoders share: everything except the shape of their models.
 *
 * @param <E> the estimator itself, which its setters return
 * @param <M> its model
 */
public abstract class AutoencoderEstimator<
        E extends AutoencoderEstimator<E, M>, M extends AutoencoderModel<M>>
    extends Estimator<M> implements AutoencoderParams.TrainingSetters<E>, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(AutoencoderEstimator.class);

  private final String uid;
  private final ParamSet params;

  /** Not public: readers know the models of these subclasses only. */
  AutoencoderEstimator(String uid) {
    this.uid = uid;
    this.params = new ParamSet(this);
    params.makeAll();
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public ParamSet paramSet() {
    return params;
  }

  /**
   * The model that the Params describe, for rows of a given size.
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
    Outliers.checkForFit(this);
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
   *     interrupted, or Spark was stopped; no work continues then, and nothing is left behind
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
    ModelMemory.requireForFit(this, spec, plan, dataset.sparkSession().sparkContext());
    try (TrainingRows rows = new TrainingData(this, dataset, column).read(spec, plan)) {
      StagedTraining stages = new StagedTraining(this, plan, hadoop);
      float[] parameters = stages.run(spec, rows, initial);
      TreeSum data = new TreeSum(rows.training(), getAggregationDepth());
      M model = copyValues(model(spec, parameters), ParamMap.empty());
      keepBatchSize(model, rows);
      CodeStatistics statistics = CodeStatistics.of(model.measuredCode(), parameters, data);
      SparseAutoencoderTrainingSummary summary =
          new SparseAutoencoderTrainingSummary(
              stages.results().stream().map(TrainingStage::of).toList(),
              statistics,
              rows.training().skippedRows(),
              (System.nanoTime() - start) / 1e9,
              data.kernelBackend(),
              getStoragePrecision(),
              warnings(model, stages.results(), statistics, rows));
      setOutlierThreshold(model, data);
      return model.setSummary(summary).setParent(this);
    }
  }

  /** The model records its batch size, since the default depends on the rows. */
  private void keepBatchSize(M model, TrainingRows rows) {
    if (getSolver().equals(Choices.ADAM)) {
      model.set(model.batchSize(), BatchSize.of(this, rows.training().rows()));
    }
  }

  private void setOutlierThreshold(M model, PartitionSum training) {
    if (model.getContamination() > 0) {
      model.setOutlierThreshold(
          ErrorQuantile.threshold(
              model.decodingSpec(), model.sharedParameters(), training, model.getContamination()));
    }
  }

  private List<TrainingWarning> warnings(
      M model, List<StageResult> stages, CodeStatistics statistics, TrainingRows rows) {
    boolean sparse = rows.training().hasSparseRows();
    FitDiagnosis diagnosis =
        new FitDiagnosis(model, model.spec(), model.codeLayer(), stages, statistics, sparse);
    List<TrainingWarning> warnings =
        diagnosis.findings().stream().map(TrainingWarning::of).toList();
    warnings.forEach(warning -> LOG.warn("{}", warning.message()));
    return warnings;
  }

  private WorkerPlan plan(Dataset<?> dataset) {
    int workers = isDefined(numWorkers()) ? getNumWorkers() : 0;
    return getSolver().equals(Choices.ADAM)
        ? WorkerPlan.of(dataset.sparkSession().sparkContext(), getAggregation(), workers)
        : WorkerPlan.tree();
  }

  @Override
  public E copy(ParamMap extra) {
    return defaultCopy(extra);
  }
}

package org.sparksae.spark.ml;

import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.param.ParamMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.rows.PartitionSum;
import org.sparksae.core.stats.CodeStatistics;
import org.sparksae.core.stats.ErrorQuantile;
import org.sparksae.core.train.BatchOrder;
import org.sparksae.spark.data.FeatureColumns;
import org.sparksae.spark.exchange.TreeSum;
import org.sparksae.spark.exchange.WorkerPlan;
import org.sparksae.spark.exchange.WorkerSlots;
import org.sparksae.spark.exchange.WorkerTraining;
import org.sparksae.spark.ml.fit.BatchSize;
import org.sparksae.spark.ml.fit.FitDiagnosis;
import org.sparksae.spark.ml.fit.InitialModel;
import org.sparksae.spark.ml.fit.ModelMemory;
import org.sparksae.spark.ml.fit.Reading;
import org.sparksae.spark.ml.fit.RoundNeed;
import org.sparksae.spark.ml.fit.StageResult;
import org.sparksae.spark.ml.fit.StagedTraining;
import org.sparksae.spark.ml.fit.TrainingRows;
import org.sparksae.spark.ml.param.Choices;

/**
 * The fit of one model, in steps, so that the fits of several can share their rows.
 *
 * @param <M> the model
 */
final class ModelFit<M extends AutoencoderModel<M>> {
  private static final Logger LOG = LoggerFactory.getLogger(ModelFit.class);

  private final AutoencoderEstimator<?, M> estimator;
  private final AutoencoderSpec spec;
  private final float[] initial;
  private final WorkerPlan plan;
  private final StagedTraining stages;

  /**
   * Checks what can be checked before the rows are read.
   *
   * @param name names the fit in the log; may be empty
   * @param estimator its Params and columns are valid
   * @param columns those of which its rows are made
   * @param cluster the slots of its workers
   * @throws IllegalArgumentException if the rows have a size that does not suit the Params, {@code
   *     initialModel} cannot be used, or the workers cannot be had
   */
  ModelFit(
      String name,
      AutoencoderEstimator<?, M> estimator,
      FeatureColumns columns,
      WorkerSlots cluster,
      Configuration hadoop) {
    this.estimator = estimator;
    this.spec = estimator.spec(columns.input().size(), columns.targetSize());
    this.initial = InitialModel.parameters(estimator, spec, hadoop);
    this.plan = plan(cluster);
    this.stages = new StagedTraining(name, estimator, plan, hadoop);
  }

  private WorkerPlan plan(WorkerSlots cluster) {
    int workers = estimator.isDefined(estimator.numWorkers()) ? estimator.getNumWorkers() : 0;
    return estimator.getSolver().equals(Choices.ADAM)
        ? WorkerPlan.of(cluster, estimator.getAggregation(), workers)
        : WorkerPlan.tree();
  }

  /** Returns how its rows must be read. */
  Reading reading() {
    return Reading.of(estimator, spec, plan);
  }

  /**
   * Checks the memory, which can be done before the rows are read.
   *
   * @param kept bytes on the driver of models that are trained before this one
   * @throws IllegalArgumentException if it is sure to be too small
   */
  void requireMemory(long kept, SparkContext context) {
    ModelMemory.requireForFit(estimator, spec, plan, kept, context);
  }

  /** Returns the bytes of the trained model on the driver. */
  long modelBytes() {
    return ModelMemory.ofModel(spec);
  }

  /**
   * Checks what can be checked as soon as the rows are read.
   *
   * @throws IllegalArgumentException as {@link StagedTraining#check} says
   */
  void check(TrainingRows rows) {
    stages.check(spec, rows);
  }

  /**
   * Returns what fits on the same rows must have in common to be trained together; empty if this
   * one has to be trained alone.
   */
  Optional<BatchOrder> batchOrder(TrainingRows rows) {
    return stages.batchOrder(spec, rows);
  }

  /** Returns what it takes to train the model together with others. */
  RoundNeed roundNeed(TrainingRows rows) {
    int batchSize = BatchSize.of(estimator, rows.training().rows());
    boolean validated = rows.held() != null;
    return RoundNeed.of(spec, batchSize, plan.workers(), validated, rows.training().context());
  }

  /**
   * Lets {@link #run} train other models with this one, after {@link #check}. Does nothing if this
   * one has to be trained alone.
   *
   * @param workers train models with the same {@link #batchOrder}
   * @throws IllegalArgumentException if the checkpoints in {@code checkpointDir} cannot be used
   */
  void join(TrainingRows rows, WorkerTraining workers) {
    stages.join(spec, rows, initial, workers);
  }

  /**
   * Trains the model and measures it, after {@link #check}. Trains the models that it has joined,
   * as far as they get meanwhile.
   *
   * @param rows not closed
   * @param start when the fit began, by {@link System#nanoTime}
   */
  M run(TrainingRows rows, long start) {
    float[] parameters = stages.run(spec, rows, initial);
    TreeSum data = new TreeSum(rows.training(), estimator.getAggregationDepth(), spec.precision());
    M model = estimator.copyValues(estimator.model(spec.trained(), parameters), ParamMap.empty());
    keepBatchSize(model, rows);
    CodeStatistics statistics = CodeStatistics.of(model.measuredCode(), parameters, data);
    SparseAutoencoderTrainingSummary summary =
        new SparseAutoencoderTrainingSummary(
            stages.results().stream().map(TrainingStage::of).toList(),
            statistics,
            rows.skippedRows(),
            (System.nanoTime() - start) / 1e9,
            data.kernelBackend(),
            estimator.getStoragePrecision(),
            warnings(model, stages.results(), statistics, rows));
    setOutlierThreshold(model, data);
    return model.setSummary(summary).setParent(estimator);
  }

  /** The model records its batch size, since the default depends on the rows. */
  private void keepBatchSize(M model, TrainingRows rows) {
    if (estimator.getSolver().equals(Choices.ADAM)) {
      model.set(model.batchSize(), BatchSize.of(estimator, rows.training().rows()));
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
}

package org.sparksae.spark.ml.fit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.rows.StoragePrecision;
import org.sparksae.core.train.FullBatchLoop;
import org.sparksae.core.train.FullBatchState;
import org.sparksae.core.train.GradientSource;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.core.train.KSchedule;
import org.sparksae.core.train.LearningRate;
import org.sparksae.core.train.MiniBatchLoop;
import org.sparksae.core.train.RunState;
import org.sparksae.core.train.SourceStep;
import org.sparksae.core.train.TrainingLength;
import org.sparksae.core.train.TrainingListener;
import org.sparksae.core.train.TrainingProgress;
import org.sparksae.core.train.TrainingResult;
import org.sparksae.core.train.TrainingSettings;
import org.sparksae.core.train.TrainingState;
import org.sparksae.core.train.checkpoint.RunIdentity;
import org.sparksae.spark.data.RowStore;
import org.sparksae.spark.exchange.BarrierTraining;
import org.sparksae.spark.exchange.Checkpoints;
import org.sparksae.spark.exchange.MissingSlotsException;
import org.sparksae.spark.exchange.TreeSum;
import org.sparksae.spark.exchange.WorkerPlan;
import org.sparksae.spark.ml.param.AutoencoderParams;
import org.sparksae.spark.ml.param.Choices;
import org.sparksae.spark.ml.param.SpecBuilder;

/**
 * The training of one stage, by the loop that the Params ask for, from the start or a checkpoint.
 */
public final class Training {
  private static final Logger LOG = LoggerFactory.getLogger(Training.class);

  private final AutoencoderParams params;
  private final AutoencoderSpec spec;
  private final TrainingSettings settings;
  private final TrainingLength length;
  private final WorkerPlan plan;
  private final Stage stage;
  private final RowStore rows;
  private final RowStore held;
  private final TreeSum data;
  private final TrainingListener progress;

  /**
   * A training.
   *
   * @param params an estimator's
   * @param stage which of its trainings it is
   * @param spec the model of this stage
   * @param rows its rows; not closed
   */
  Training(
      AutoencoderParams params,
      WorkerPlan plan,
      Stage stage,
      AutoencoderSpec spec,
      TrainingRows rows) {
    this.params = params;
    this.spec = isFullBatch(params) ? spec.withoutKinks() : spec;
    this.settings = settings(params, spec, rows.training().rows());
    if (!isFullBatch(params)) {
      settings.requireEnoughSteps(rows.training().rows());
    }
    this.length =
        isFullBatch(params)
            ? TrainingLength.ofIterations(settings.maxIter())
            : settings.length(rows.training().rows());
    this.plan = plan;
    this.stage = stage;
    this.rows = rows.training();
    this.held = rows.held();
    this.data = new TreeSum(rows.training(), params.getAggregationDepth());
    this.progress =
        new ProgressLog(
            stage,
            isFullBatch(params) ? "iteration" : "epoch",
            length,
            new KSchedule(spec, settings.kStart(), length.limit()));
  }

  private static TrainingSettings settings(
      AutoencoderParams params, AutoencoderSpec spec, long rows) {
    boolean scheduled =
        spec.code().form().unitsKept().isPresent() && params.isDefined(params.kStart());
    return new TrainingSettings(
        params.getMaxIter(),
        params.isDefined(params.maxSteps()) ? params.getMaxSteps() : 0,
        params.getTol(),
        BatchSize.of(params, rows),
        params.isDefined(params.shuffleWindow()) ? params.getShuffleWindow() : 0,
        optimizer(params),
        params.getSeed(),
        scheduled ? params.getKStart() : 0,
        SpecBuilder.corruption(params));
  }

  private static TrainingSettings.Optimizer optimizer(AutoencoderParams params) {
    return new TrainingSettings.Optimizer(
        params.getStepSize(),
        new LearningRate(params.getWarmupSteps(), params.getDecaySteps()),
        params.isDefined(params.gradientClip())
            ? params.getGradientClip()
            : Double.POSITIVE_INFINITY,
        new Adam.Settings(params.getAdamBeta1(), params.getAdamBeta2(), params.getAdamEpsilon()));
  }

  /**
   * Trains to the end.
   *
   * @param initial where to begin, [p]; null for the parameters of the seed
   * @throws IllegalArgumentException if the checkpoints in {@code checkpointDir} cannot be used
   */
  TrainingResult run(float[] initial, Configuration hadoop) {
    Checkpoints checkpoints = checkpoints(initial, hadoop);
    float[] start = initial == null ? InitialParameters.of(spec, settings.seed()) : initial;
    if (isFullBatch(params)) {
      return fullBatch(checkpoints.begin(FullBatchState.start(start)), checkpoints).result();
    }
    TrainingState begin = checkpoints.begin(TrainingState.start(start));
    return plan.isAllReduce()
        ? byWorkers(begin, checkpoints, initial, hadoop).result()
        : byTree(begin, checkpoints).result();
  }

  /**
   * Refuses a model that is too large for what Spark lets jobs bring to the driver.
   *
   * @throws IllegalArgumentException naming the setting
   */
  void requireResultsFit() {
    if (plan.isAllReduce()) {
      BarrierTraining.requireFits(rows.context(), spec, plan.workers(), held != null);
    } else {
      data.requireFits(GradientSource.sums(spec, !isFullBatch(params)));
    }
  }

  /** Returns what a summary says of the training. */
  StageResult described(TrainingResult result) {
    List<IterationRecord> history = result.history();
    long steps = isFullBatch(params) ? history.size() : settings.steps(history);
    return new StageResult(
        stage.name(), history, result.stopReason(), result.activity(), steps, length);
  }

  private static boolean isFullBatch(AutoencoderParams params) {
    return params.getSolver().equals(Choices.LBFGS);
  }

  private RunState fullBatch(FullBatchState start, Checkpoints checkpoints) {
    GradientSource source = new GradientSource(spec, data);
    FullBatchLoop loop = new FullBatchLoop(source, heldSource(), settings, progress, start);
    while (loop.state().progress().goesOn(length)) {
      loop.run(iteration -> checkpoints.isDue(iteration, 0));
      checkpoints.keep(loop.state());
    }
    return loop.state();
  }

  private RunState byWorkers(
      TrainingState start, Checkpoints checkpoints, float[] initial, Configuration hadoop) {
    BarrierTraining training =
        new BarrierTraining(spec, settings, rows, held, progress, checkpoints);
    try {
      return training.run(start);
    } catch (MissingSlotsException missing) {
      TrainingState reached = training.reached();
      // A directory holds checkpoints of one kind of training only.
      boolean bound = !params.getCheckpointDir().isEmpty() && reached.progress().steps(length) > 0;
      if (!plan.mayBecomeTree() || bound) {
        throw missing;
      }
      LOG.warn("training continues by tree, with one job for each step: {}", missing.getMessage());
      Training other =
          new Training(params, WorkerPlan.tree(), stage, spec, new TrainingRows(rows, held));
      Checkpoints ofOther = other.checkpoints(initial, hadoop);
      return other.byTree(ofOther.begin(reached), ofOther);
    }
  }

  private RunState byTree(TrainingState start, Checkpoints checkpoints) {
    SourceStep steps =
        new SourceStep(new GradientSource(spec, data), start, settings.optimizer().adam());
    MiniBatchLoop loop =
        new MiniBatchLoop(
            spec, steps, rows.rows(), heldSource(), settings, progress, start.buffers());
    TrainingState state = start;
    while (state.progress().goesOn(length)) {
      TrainingProgress reached = loop.run(state.progress(), checkpoints::isDue);
      state = new TrainingState(steps.parameters(), steps.optimizer(), loop.buffers(), reached);
      checkpoints.keep(state);
    }
    return state.withProgress(loop.finish(state.progress()));
  }

  private GradientSource heldSource() {
    return held == null
        ? null
        : new GradientSource(spec, new TreeSum(held, params.getAggregationDepth()));
  }

  private Checkpoints checkpoints(float[] initial, Configuration hadoop) {
    return params.getCheckpointDir().isEmpty()
        ? Checkpoints.none()
        : Checkpoints.in(
            params.getCheckpointDir(),
            stage.directory(),
            identity(initial),
            new Checkpoints.Interval(
                params.getCheckpointInterval(),
                params.isDefined(params.checkpointMinutes())
                    ? params.getCheckpointMinutes()
                    : Double.POSITIVE_INFINITY),
            length,
            settings.tol(),
            hadoop);
  }

  /** Everything that the bits of a training depend on and that may differ between fits. */
  private RunIdentity identity(float[] initial) {
    Map<String, String> fields = new LinkedHashMap<>(RunIdentity.fieldsOf(spec));
    if (stage.isOneOfSeveral()) {
      fields.put("stage", stage.name());
      // Later stages depend on the result of this one: to train it longer would be another fit.
      fields.put(length.param(), Long.toString(length.limit()));
      fields.put("tol", Double.toString(settings.tol()));
    }
    if (initial != null) {
      fields.put("initialModel", RunIdentity.hashOf(initial));
    }
    fields.put("solver", params.getSolver());
    fields.put("seed", Long.toString(settings.seed()));
    if (!isFullBatch(params)) {
      fields.put("batchSize", Integer.toString(settings.batchSize()));
      if (settings.shuffleWindow() > 0 && settings.shuffleWindow() < rows.rows()) {
        fields.put("shuffleWindow", Integer.toString(settings.shuffleWindow()));
      }
      fields.put("stepSize", Double.toString(settings.stepSize()));
      fields.putAll(settings.optimizer().identity(length));
    }
    if (params.precision() != StoragePrecision.FLOAT32) {
      fields.put("storagePrecision", params.precision().paramName());
    }
    if (!settings.corruption().isNone()) {
      fields.put("corruption", settings.corruption().kind().paramName());
      fields.put("corruptionLevel", Double.toString(settings.corruption().level()));
    }
    if (settings.kStart() != 0) {
      fields.put("kStart", Integer.toString(settings.kStart()));
      // k falls to its end in the first half of the training.
      fields.put(length.param(), Long.toString(length.limit()));
    }
    if (plan.isAllReduce()) {
      fields.put("aggregation", WorkerPlan.ALL_REDUCE);
      fields.put("numWorkers", Integer.toString(plan.workers()));
    } else {
      fields.put("aggregation", WorkerPlan.TREE);
      fields.put("aggregationDepth", Integer.toString(params.getAggregationDepth()));
    }
    fields.put("kernelBackend", data.kernelBackend());
    describe(RunIdentity.ROWS, rows, fields);
    if (held != null) {
      describe("validationRows", held, fields);
    }
    return new RunIdentity(fields);
  }

  private static void describe(String name, RowStore rows, Map<String, String> fields) {
    fields.put(name, Long.toString(rows.rows()));
    fields.put(name + ".weight", Double.toString(rows.weight()));
    fields.put(name + RunIdentity.CONTENT_HASH, rows.contentHash());
    fields.put(name + RunIdentity.SOURCE_PARTITIONS, rows.sourcePartitions());
    fields.put(name + RunIdentity.PARTITIONS, Integer.toString(rows.partitions()));
  }
}

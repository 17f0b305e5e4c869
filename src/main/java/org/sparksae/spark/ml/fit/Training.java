package org.sparksae.spark.ml.fit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.InputNorm;
import org.sparksae.core.model.InputScaling;
import org.sparksae.core.rows.StoragePrecision;
import org.sparksae.core.train.BatchOrder;
import org.sparksae.core.train.FullBatchLoop;
import org.sparksae.core.train.FullBatchState;
import org.sparksae.core.train.GradientSource;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.core.train.KSchedule;
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
import org.sparksae.spark.exchange.Checkpoints;
import org.sparksae.spark.exchange.MissingSlotsException;
import org.sparksae.spark.exchange.Trainee;
import org.sparksae.spark.exchange.TreeSum;
import org.sparksae.spark.exchange.WorkerPlan;
import org.sparksae.spark.exchange.WorkerTraining;
import org.sparksae.spark.ml.param.AutoencoderParams;
import org.sparksae.spark.ml.param.Choices;

/**
 * The training of one stage, by the loop that the Params ask for, from the start or a checkpoint.
 */
public final class Training {
  private static final Logger LOG = LoggerFactory.getLogger(Training.class);

  private final AutoencoderParams params;
  private final AutoencoderSpec spec;
  private final InputNorm inputNorm;
  private final TrainingSettings settings;
  private final TrainingLength length;
  private final StartingPoint startingPoint;
  private final WorkerPlan plan;
  private final Stage stage;
  private final TrainingRows all;
  private final RowStore rows;
  private final RowStore held;
  private final TreeSum data;
  private final String name;
  private WorkerTraining workers;
  private Trainee trainee;

  /**
   * A training.
   *
   * @param name names the fit in the log; may be empty
   * @param params an estimator's
   * @param stage which of its trainings it is
   * @param spec the model of this stage
   * @param rows its rows; not closed
   */
  Training(
      String name,
      AutoencoderParams params,
      WorkerPlan plan,
      Stage stage,
      AutoencoderSpec spec,
      TrainingRows rows) {
    this.name = name;
    this.params = params;
    this.spec = isFullBatch(params) ? spec.withoutKinks() : spec;
    this.inputNorm = InputNorm.parse("inputNorm", params.getInputNorm());
    this.settings = LoopSettings.of(params, spec, rows.training().rows());
    if (!isFullBatch(params)) {
      settings.requireEnoughSteps(rows.training().rows());
    }
    this.length =
        isFullBatch(params)
            ? TrainingLength.ofIterations(settings.maxIter())
            : settings.length(rows.training().rows());
    this.startingPoint = StartingPoint.of(params, this.spec);
    this.plan = plan;
    this.stage = stage;
    this.all = rows;
    this.rows = rows.training();
    this.held = rows.held();
    this.data = new TreeSum(rows.training(), params.getAggregationDepth(), spec.precision());
  }

  /** What it must have in common with other trainings by the same workers, to join them. */
  BatchOrder batchOrder() {
    return scaled().batchOrder(rows.rows());
  }

  /**
   * Joins other trainings: {@link #run} then trains all of them as far as they get.
   *
   * @param others trainings by workers, all with the same {@link #batchOrder}
   * @param initial where to begin, [p]; null for the parameters of the seed
   * @throws IllegalArgumentException if the checkpoints in {@code checkpointDir} cannot be used
   */
  void join(WorkerTraining others, float[] initial, Configuration hadoop) {
    Checkpoints checkpoints = checkpoints(initial, hadoop);
    TrainingState begin = begin(checkpoints, TrainingState.start(start(initial)), initial);
    workers = others;
    trainee = others.add(spec, scaled(), begin, progress(others::together), checkpoints);
  }

  /**
   * Trains to the end.
   *
   * @param initial where to begin, [p]; null for the parameters of the seed
   * @throws IllegalArgumentException if the checkpoints in {@code checkpointDir} cannot be used
   */
  TrainingResult run(float[] initial, Configuration hadoop) {
    if (plan.isAllReduce()) {
      if (trainee == null) {
        join(new WorkerTraining(rows, held), initial, hadoop);
      }
      return byWorkers(initial, hadoop).result();
    }
    Checkpoints checkpoints = checkpoints(initial, hadoop);
    float[] start = start(initial);
    return isFullBatch(params)
        ? fullBatch(begin(checkpoints, FullBatchState.start(start), initial), checkpoints).result()
        : byTree(begin(checkpoints, TrainingState.start(start), initial), checkpoints).result();
  }

  private float inputScale() {
    return all.scale(inputNorm, spec);
  }

  /** The settings for the rows as the training sees them. */
  private TrainingSettings scaled() {
    return settings.scaledBy(inputScale());
  }

  private float[] start(float[] initial) {
    return initial == null
        ? startingPoint.draw(settings.seed())
        : InputScaling.ofScaledRows(spec, initial, inputScale());
  }

  /** Looks at the rows only if the parameters are new. */
  private <S extends RunState> S begin(Checkpoints checkpoints, S fresh, float[] initial) {
    S begin = checkpoints.begin(fresh);
    if (begin == fresh && initial == null) {
      startingPoint.centre(fresh.parameters(), data, inputScale(), rows.rows(), settings.seed());
    }
    return begin;
  }

  private TrainingListener progress(IntSupplier together) {
    String iteration = isFullBatch(params) ? "iteration" : "epoch";
    KSchedule ks = new KSchedule(spec, settings.kStart(), length.limit());
    ProgressLog log = new ProgressLog(name, stage, iteration, length, ks, together);
    return new ProgressEvents(
        rows.context(), params.uid(), name, stage.name(), length.epochs(), log);
  }

  /**
   * Refuses a model that is too large for what Spark lets jobs bring to the driver.
   *
   * @throws IllegalArgumentException naming the setting
   */
  void requireResultsFit() {
    if (plan.isAllReduce()) {
      WorkerTraining.requireFits(rows.context(), spec, plan.workers(), held != null);
    } else {
      data.requireFits(GradientSource.sums(spec, !isFullBatch(params)));
    }
  }

  /** Returns the parameters of the trained model, which takes the rows as they are. */
  float[] parameters(TrainingResult result) {
    return InputScaling.ofRows(spec.trained(), result.trainedParameters(spec), inputScale());
  }

  /** Returns what a summary says of the training. */
  StageResult described(TrainingResult result) {
    List<IterationRecord> history = result.history();
    if (result.activity().resampled() > 0) {
      LOG.info("{} dead units were resampled", result.activity().resampled());
    }
    long steps = isFullBatch(params) ? history.size() : settings.steps(history);
    return new StageResult(
        stage.name(), history, result.stopReason(), result.activity(), steps, length, inputScale());
  }

  private static boolean isFullBatch(AutoencoderParams params) {
    return params.getSolver().equals(Choices.LBFGS);
  }

  private RunState fullBatch(FullBatchState start, Checkpoints checkpoints) {
    GradientSource source = new GradientSource(spec, data);
    FullBatchLoop loop =
        new FullBatchLoop(source, heldSource(), scaled(), progress(() -> 1), start);
    while (loop.state().progress().goesOn(length)) {
      loop.run(iteration -> checkpoints.isDue(iteration, 0));
      checkpoints.keep(loop.state());
    }
    return loop.state();
  }

  private RunState byWorkers(float[] initial, Configuration hadoop) {
    try {
      return workers.train(trainee);
    } catch (MissingSlotsException missing) {
      TrainingState reached = trainee.reached();
      // A directory holds checkpoints of one kind of training only.
      boolean bound = !params.getCheckpointDir().isEmpty() && reached.progress().steps(length) > 0;
      if (!plan.mayBecomeTree() || bound) {
        throw missing;
      }
      LOG.warn("training continues by tree, with one job for each step: {}", missing.getMessage());
      Training other = new Training(name, params, WorkerPlan.tree(), stage, spec, all);
      Checkpoints ofOther = other.checkpoints(initial, hadoop);
      return other.byTree(ofOther.begin(reached), ofOther);
    }
  }

  private RunState byTree(TrainingState start, Checkpoints checkpoints) {
    SourceStep steps =
        new SourceStep(new GradientSource(spec, data), start, settings.optimizer().adam());
    MiniBatchLoop loop =
        new MiniBatchLoop(
            spec, steps, rows.rows(), heldSource(), scaled(), progress(() -> 1), start.buffers());
    TrainingState state = start;
    while (state.progress().goesOn(length)) {
      TrainingProgress reached = loop.run(state.progress(), checkpoints::isDue);
      state = new TrainingState(steps.parameters(), steps.optimizer(), loop.buffers(), reached);
      checkpoints.keep(state);
    }
    TrainingProgress end = loop.finish(state.progress());
    return new TrainingState(state.parameters(), state.optimizer(), loop.buffers(), end);
  }

  private GradientSource heldSource() {
    return held == null
        ? null
        : new GradientSource(
            spec, new TreeSum(held, params.getAggregationDepth(), spec.precision()));
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
    if (initial == null) {
      startingPoint.identify(fields);
    } else {
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
    if (params.storedPrecision() != StoragePrecision.FLOAT32) {
      fields.put("storagePrecision", params.storedPrecision().paramName());
    }
    if (inputNorm != InputNorm.NONE) {
      fields.put("inputNorm", inputNorm.paramName());
      fields.put("inputScale", Float.toString(inputScale()));
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

package org.sparksae.spark.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.collective.Collective;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.train.DivergedException;
import org.sparksae.core.train.TrainingListener;
import org.sparksae.core.train.TrainingProgress;
import org.sparksae.core.train.TrainingSettings;
import org.sparksae.core.train.TrainingState;
import org.sparksae.core.train.TrainingWorker;
import org.sparksae.spark.data.RowStore;
import org.sparksae.spark.job.ResultSize;
import org.sparksae.spark.job.SparkJobs;
import scala.reflect.ClassTag$;

/**
 * Mini-batch training by workers that run at the same time, one for each partition of the rows. It
 * is a sequence of rounds; each round is one barrier stage of many steps.
 *
 * <p>Between rounds the driver holds the whole state. If a round fails, for example because an
 * executor was lost, it is retried from its initial state. The same state gives the same bits, so
 * the model is that of an undisturbed run.
 */
public final class BarrierTraining {
  private static final Logger LOG = LoggerFactory.getLogger(BarrierTraining.class);

  /** Duration after which a round ends, at the end of an epoch. */
  private static final double ROUND_SECONDS = 30;

  /** The Spark setting for how long a worker waits for another. */
  static final String TIMEOUT = "spark.sparsae.exchange.timeout";

  private static final long DEFAULT_TIMEOUT_S = 600;

  private final JavaSparkContext context;
  private final RowStore training;
  private final RowStore validation;
  private final RoundTask.Plan plan;
  private final int attempts;
  private final TrainingListener listener;
  private final Checkpoints checkpoints;
  private TrainingState state;

  /**
   * A training.
   *
   * @param training the rows, one partition for each worker
   * @param validation rows for early stopping, in as many partitions; or null
   * @param listener receives the records of the epochs after each round
   * @param checkpoints stores the state between rounds
   */
  public BarrierTraining(
      AutoencoderSpec spec,
      TrainingSettings settings,
      RowStore training,
      RowStore validation,
      TrainingListener listener,
      Checkpoints checkpoints) {
    this.training = training;
    this.validation = validation;
    this.context = JavaSparkContext.fromSparkContext(training.context());
    this.listener = listener;
    this.checkpoints = checkpoints;
    this.plan =
        new RoundTask.Plan(
            new TrainingWorker.Job(spec, settings, training.rows()),
            ROUND_SECONDS,
            1000 * context.getConf().getTimeAsSeconds(TIMEOUT, DEFAULT_TIMEOUT_S + "s"));
    this.attempts = context.isLocal() ? 1 : context.getConf().getInt("spark.task.maxFailures", 4);
  }

  /**
   * Trains from a state to the end.
   *
   * @throws DivergedException at the first batch whose objective or gradient is not finite
   * @throws MissingSlotsException if a round cannot start; {@link #reached()} is then its initial
   *     state
   * @throws java.util.concurrent.CancellationException if the training was cancelled
   */
  public TrainingState run(TrainingState start) {
    state = start;
    while (state.progress().goesOn(plan.job().settings().maxIter())) {
      state = round(state);
      checkpoints.keep(state);
    }
    return state;
  }

  /**
   * Rejects a model whose state exceeds what Spark sends to the driver.
   *
   * @param validated whether there are validation rows
   * @throws IllegalArgumentException naming the setting
   */
  public static void requireFits(SparkContext context, AutoencoderSpec spec, boolean validated) {
    long parameters = spec.layout().size();
    int bytes = Float.BYTES * (validated ? 4 : 3);
    ResultSize.require(
        context,
        bytes * parameters,
        bytes + " bytes for each of " + parameters + " parameters",
        ", or train a smaller model");
  }

  /** Returns the state after the last complete round. */
  public TrainingState reached() {
    return state;
  }

  /** Runs one round, and retries it if it fails. */
  private TrainingState round(TrainingState start) {
    for (int attempt = 1; ; attempt++) {
      try {
        WorkerPlan.awaitSlots(context.sc(), training.partitions());
        TrainingState end = together(start, runTasks(start, attempt > 1));
        end.progress().history().stream()
            .skip(start.progress().iterations())
            .forEach(listener::iterationDone);
        return end;
      } catch (Exception failure) {
        if (attempts == 1 || !isWorthAnotherAttempt(failure)) {
          throw failure;
        }
        RoundFailure found = RoundFailure.of(failure);
        int epoch = start.progress().iterations() + 1;
        if (attempt == attempts) {
          throw found.atLast(epoch, attempts);
        }
        LOG.warn(
            "the round from epoch {} failed, attempt {} of {}: it is retried from its start, because {}",
            epoch,
            attempt,
            attempts,
            found.reason());
        LOG.debug("the failure of that attempt", failure);
      }
    }
  }

  /** Takes any exception, because Spark throws checked exceptions without declaring them. */
  private static boolean isWorthAnotherAttempt(Exception failure) {
    return !(failure instanceof CancellationException)
        && !(failure instanceof MissingSlotsException)
        && !(failure instanceof DivergedException);
  }

  private List<RoundPart> runTasks(TrainingState start, boolean again) {
    int workers = training.partitions();
    List<Broadcast<BulkArray>> broadcasts = new ArrayList<>();
    try {
      int size = start.parameters().length;
      Broadcast<BulkArray> parameters = broadcast(start.parameters(), broadcasts);
      List<Broadcast<BulkArray>> first = new ArrayList<>();
      List<Broadcast<BulkArray>> second = new ArrayList<>();
      for (int r = 0; r < workers; r++) {
        Adam.State own =
            start
                .optimizer()
                .slice(
                    Collective.rangeStart(r, workers, size),
                    Collective.rangeStart(r + 1, workers, size));
        first.add(broadcast(own.firstMoment(), broadcasts));
        second.add(broadcast(own.secondMoment(), broadcasts));
      }
      RoundTask task =
          new RoundTask(
              plan,
              checkpoints.iterationsToNext(start.progress().iterations()),
              UUID.randomUUID().toString(),
              new RoundStart(start.progress().withBest(null), start.buffers()),
              new RoundTask.State(parameters, start.optimizer().steps(), first, second));
      RDD<RoundPart> parts =
          RoundRows.of(training, validation)
              .rdd()
              .barrier()
              .mapPartitions(task, false, ClassTag$.MODULE$.apply(RoundPart.class));
      return BarrierJob.collect(
          JavaRDD.fromRDD(parts, ClassTag$.MODULE$.apply(RoundPart.class)), again);
    } finally {
      broadcasts.forEach(broadcast -> SparkJobs.destroy(context.sc(), broadcast));
    }
  }

  private Broadcast<BulkArray> broadcast(float[] values, List<Broadcast<BulkArray>> broadcasts) {
    Broadcast<BulkArray> broadcast = context.broadcast(new BulkArray(values));
    broadcasts.add(broadcast);
    return broadcast;
  }

  /** Joins the workers' ranges to the whole state. */
  private static TrainingState together(TrainingState start, List<RoundPart> parts) {
    if (parts.get(0).divergence() != null) {
      throw new DivergedException(parts.get(0).divergence());
    }
    int size = start.parameters().length;
    float[] parameters = new float[size];
    float[] first = new float[size];
    float[] second = new float[size];
    for (int r = 0; r < parts.size(); r++) {
      RoundPart part = parts.get(r);
      int from = Collective.rangeStart(r, parts.size(), size);
      int length = part.parameters().length;
      System.arraycopy(part.parameters(), 0, parameters, from, length);
      System.arraycopy(part.optimizer().firstMoment(), 0, first, from, length);
      System.arraycopy(part.optimizer().secondMoment(), 0, second, from, length);
    }
    RoundStart reached = parts.get(0).reached();
    TrainingProgress progress = reached.progress();
    if (progress.best() == null) {
      // The best parameters are sent only if they are new.
      progress = progress.withBest(start.progress().best());
    }
    int steps = parts.get(0).optimizer().steps();
    return new TrainingState(
        parameters, new Adam.State(steps, first, second), reached.buffers(), progress);
  }
}

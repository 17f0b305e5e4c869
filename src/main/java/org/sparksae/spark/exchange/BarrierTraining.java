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
import org.sparksae.core.Text;
import org.sparksae.core.collective.Collective;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.train.DivergedException;
import org.sparksae.core.train.TrainingLength;
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
 * is a sequence of rounds; each round is one barrier stage of many steps, and may end after any of
 * them.
 *
 * <p>Between rounds the driver holds the whole state. If a round fails, for example because an
 * executor was lost, it is retried from its initial state. The same state gives the same bits, so
 * the model is that of an undisturbed run.
 */
public final class BarrierTraining {
  private static final Logger LOG = LoggerFactory.getLogger(BarrierTraining.class);

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
  private final TrainingLength length;
  private final RoundLength rounds = new RoundLength();
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
    this.length = settings.length(training.rows());
    this.plan =
        new RoundTask.Plan(
            new TrainingWorker.Job(spec, settings, training.rows()),
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
    while (state.progress().goesOn(length)) {
      state = round(state);
      checkpoints.keep(state);
    }
    // The epoch that maxSteps ended inside is recorded after the last checkpoint.
    return state.progress().epoch().isEmpty() ? state : round(state);
  }

  /**
   * Rejects a model if the short arrays of its workers exceed together what Spark sends to the
   * driver.
   *
   * @param workers number of workers
   * @param validated whether there are validation rows
   * @throws IllegalArgumentException naming the setting
   */
  public static void requireFits(
      SparkContext context, AutoencoderSpec spec, int workers, boolean validated) {
    int parameters = spec.layout().size();
    int range = (int) (((long) parameters + workers - 1) / workers);
    ResultSize.require(
        context,
        3L * workers * ResultArray.bytesInside(range)
            + (validated ? ResultArray.bytesInside(parameters) : 0),
        Text.format("12 bytes for each of %d parameters, from %d workers", parameters, workers),
        "");
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
        TrainingState end = runTasks(start, attempt > 1);
        report(start.progress(), end.progress());
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
            "the round from epoch {}, step {} failed, attempt {} of {}: it is retried from its start, because {}",
            epoch,
            start.progress().epoch().steps() + 1,
            attempt,
            attempts,
            found.reason());
        LOG.debug("the failure of that attempt", failure);
      }
    }
  }

  private void report(TrainingProgress start, TrainingProgress end) {
    end.history().stream().skip(start.iterations()).forEach(listener::iterationDone);
    if (!end.epoch().isEmpty()) {
      listener.stepsDone(end.iterations() + 1, end.epoch());
    }
  }

  /** Takes any exception, because Spark throws checked exceptions without declaring them. */
  private static boolean isWorthAnotherAttempt(Exception failure) {
    return !(failure instanceof CancellationException)
        && !(failure instanceof MissingSlotsException)
        && !(failure instanceof DivergedException);
  }

  private TrainingState runTasks(TrainingState start, boolean again) {
    long begin = System.nanoTime();
    int workers = training.partitions();
    int results = context.sc().newRddId();
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
      double seconds = Math.min(rounds.seconds(), checkpoints.secondsToNext());
      RoundTask task =
          new RoundTask(
              plan,
              checkpoints.iterationsToNext(start.progress().iterations()),
              seconds,
              UUID.randomUUID().toString(),
              results,
              new RoundStart(start.progress().withBest(null), start.buffers()),
              new RoundTask.State(parameters, start.optimizer().steps(), first, second));
      RDD<RoundPart> parts =
          RoundRows.of(training, validation)
              .rdd()
              .barrier()
              .mapPartitions(task, false, ClassTag$.MODULE$.apply(RoundPart.class));
      List<RoundPart> reached =
          BarrierJob.collect(
              JavaRDD.fromRDD(parts, ClassTag$.MODULE$.apply(RoundPart.class)), again);
      TrainingState end = together(start, reached);
      // With the time in which large results come to the driver.
      rounds.lasted(seconds, (System.nanoTime() - begin) / 1e9);
      return end;
    } finally {
      SparkJobs.removeBlocks(context.sc(), results);
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
    Adam.State optimizer = new Adam.State(parts.get(0).steps(), new float[size], new float[size]);
    for (int r = 0; r < parts.size(); r++) {
      parts.get(r).copyTo(parameters, optimizer, Collective.rangeStart(r, parts.size(), size));
    }
    RoundStart reached = parts.get(0).reached();
    // The best parameters are sent only if they are new.
    float[] best = parts.get(0).best();
    TrainingProgress progress =
        reached.progress().withBest(best == null ? start.progress().best() : best);
    return new TrainingState(parameters, optimizer, reached.buffers(), progress);
  }
}

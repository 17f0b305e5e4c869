package org.sparksae.spark.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.Text;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.train.TrainingListener;
import org.sparksae.core.train.TrainingProgress;
import org.sparksae.core.train.TrainingSettings;
import org.sparksae.core.train.TrainingState;
import org.sparksae.core.train.TrainingWorker;
import org.sparksae.spark.data.RowStore;
import org.sparksae.spark.job.ResultSize;
import org.sparksae.spark.job.SparkJobs;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Mini-batch training by workers that run at the same time, one for each partition of the rows. It
 * is a sequence of rounds; each round is one stage of many steps, and may end after any of them.
 *
 * <p>Several models that visit the same batches are trained in the same rounds, and each batch is
 * read once for all of them.
 *
 * <p>Between rounds the driver holds the whole state. If a round fails, for example because an
 * executor was lost, it is retried from its initial state. The same state gives the same bits, so
 * each model is that of an undisturbed run.
 */
public final class WorkerTraining {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerTraining.class);

  /** The Spark setting for how long a worker waits for another. */
  static final String TIMEOUT = "spark.sparsae.exchange.timeout";

  private static final long DEFAULT_TIMEOUT_S = 600;

  /** The name of a round's RDD, which Spark's web pages show. */
  public static final String ROUND = "round of training";

  private final JavaSparkContext context;
  private final RowStore training;
  private final RowStore validation;
  private final long timeoutMs;
  private final int attempts;
  private final List<Trainee> models = new ArrayList<>();
  private final RoundLength rounds = new RoundLength();

  /**
   * A training without models.
   *
   * @param training the rows, one partition for each worker
   * @param validation rows for early stopping, in as many partitions; or null
   */
  public WorkerTraining(RowStore training, RowStore validation) {
    this.training = training;
    this.validation = validation;
    this.context = JavaSparkContext.fromSparkContext(training.context());
    this.timeoutMs = 1000 * context.getConf().getTimeAsSeconds(TIMEOUT, DEFAULT_TIMEOUT_S + "s");
    this.attempts = SparkJobs.attempts(context.sc());
  }

  /**
   * Adds a model.
   *
   * @param settings with the same {@link TrainingSettings#batchOrder} as those of all other models
   * @param start the state from which it is trained
   * @param listener receives the records of the epochs after each round
   * @param checkpoints stores the state between rounds
   */
  public Trainee add(
      AutoencoderSpec spec,
      TrainingSettings settings,
      TrainingState start,
      TrainingListener listener,
      Checkpoints checkpoints) {
    TrainingWorker.Job job = new TrainingWorker.Job(spec, settings, training.rows());
    Trainee model = new Trainee(job, start, listener, checkpoints);
    models.add(model);
    return model;
  }

  /**
   * Trains a model to the end, and all others as far as they get meanwhile. It is then no longer
   * one of them, even if it has failed.
   *
   * @param model one of the models; to be called in their order
   * @throws org.sparksae.core.train.DivergedException at the first batch whose objective or
   *     gradient is not finite
   * @throws java.io.UncheckedIOException if a checkpoint cannot be written
   * @throws MissingSlotsException if a round cannot start; {@link Trainee#reached()} is then its
   *     initial state
   * @throws java.util.concurrent.CancellationException if the training was cancelled
   */
  public TrainingState train(Trainee model) {
    try {
      while (model.isOpen()) {
        round(open());
      }
      return model.end();
    } finally {
      models.remove(model);
    }
  }

  /** Number of models that are trained together now. */
  public int together() {
    return open().size();
  }

  /**
   * The models to be trained. Those after one that has failed are not: their turn will not come.
   */
  private List<Trainee> open() {
    return models.stream().takeWhile(model -> !model.hasFailed()).filter(Trainee::isOpen).toList();
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
    ResultSize.require(
        context,
        resultBytes(spec, workers, validated),
        Text.format("12 bytes for each of %d parameters, from %d workers", parameters, workers),
        "");
  }

  /** Returns the bytes that a round of one model brings to the driver in the results of tasks. */
  public static long resultBytes(AutoencoderSpec spec, int workers, boolean validated) {
    int parameters = spec.layout().size();
    int range = (int) (((long) parameters + workers - 1) / workers);
    return 3L * workers * ResultArray.bytesInside(range)
        + (validated ? ResultArray.bytesInside(parameters) : 0);
  }

  private void round(List<Trainee> together) {
    List<Trainee.End> ends = retried(together);
    for (int m = 0; m < ends.size(); m++) {
      together.get(m).goOnFrom(ends.get(m));
    }
  }

  /** Runs one round, and retries it if it fails. */
  private List<Trainee.End> retried(List<Trainee> together) {
    for (int attempt = 1; ; attempt++) {
      try {
        WorkerSlots.await(context.sc(), training.partitions());
        return runTasks(together, attempt > 1);
      } catch (Exception failure) {
        if (attempts == 1 || !isWorthAnotherAttempt(failure)) {
          throw failure;
        }
        RoundFailure found = RoundFailure.of(failure);
        TrainingProgress start = together.get(0).reached().progress();
        int epoch = start.iterations() + 1;
        if (attempt == attempts) {
          throw found.atLast(epoch, attempts);
        }
        LOG.warn(
            "the round from epoch {}, step {} failed, attempt {} of {}: it is retried from its start, because {}",
            epoch,
            start.epoch().steps() + 1,
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
        && !(failure instanceof MissingSlotsException);
  }

  private List<Trainee.End> runTasks(List<Trainee> together, boolean again) {
    long begin = System.nanoTime();
    int results = context.sc().newRddId();
    List<Broadcast<BulkArray>> broadcasts = new ArrayList<>();
    try (Meeting meeting = Meeting.open(training.partitions())) {
      double seconds = secondsOf(together);
      RoundTask task =
          new RoundTask(starts(together, broadcasts), seconds, meeting.round(), results, timeoutMs);
      RDD<RoundRows.Share> rows = RoundRows.of(training, validation).rdd();
      ClassTag<RoundPart> type = ClassTag$.MODULE$.apply(RoundPart.class);
      RDD<RoundPart> parts = rows.mapPartitions(task, false, type);
      parts.setName(ROUND);
      List<RoundPart> reached = RoundJob.collect(JavaRDD.fromRDD(parts, type), again);
      List<Trainee.End> ends = ends(together, reached);
      // With the time in which large results come to the driver.
      rounds.lasted(seconds, (System.nanoTime() - begin) / 1e9);
      return ends;
    } finally {
      SparkJobs.removeBlocks(context.sc(), results);
      broadcasts.forEach(broadcast -> SparkJobs.destroy(context.sc(), broadcast));
    }
  }

  /** How long a round lasts, so that it ends when a checkpoint is due. */
  private double secondsOf(List<Trainee> together) {
    double seconds = rounds.seconds();
    for (Trainee model : together) {
      seconds = Math.min(seconds, model.secondsToCheckpoint());
    }
    return seconds;
  }

  private List<RoundTask.Model> starts(
      List<Trainee> together, List<Broadcast<BulkArray>> broadcasts) {
    Function<float[], Broadcast<BulkArray>> broadcast =
        values -> {
          Broadcast<BulkArray> one = context.broadcast(new BulkArray(values));
          broadcasts.add(one);
          return one;
        };
    return together.stream().map(model -> model.start(training.partitions(), broadcast)).toList();
  }

  /** Each worker returns a part of each model, in their order. */
  private static List<Trainee.End> ends(List<Trainee> together, List<RoundPart> parts) {
    List<Trainee.End> ends = new ArrayList<>();
    for (int m = 0; m < together.size(); m++) {
      List<RoundPart> own = new ArrayList<>();
      for (int at = m; at < parts.size(); at += together.size()) {
        own.add(parts.get(at));
      }
      ends.add(together.get(m).together(own));
    }
    return ends;
  }
}

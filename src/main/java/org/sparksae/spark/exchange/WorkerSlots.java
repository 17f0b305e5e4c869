package org.sparksae.spark.exchange;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.Text;
import org.sparksae.spark.job.Slots;
import org.sparksae.spark.job.SparkJobs;

/**
 * The slots of a cluster's workers. Under dynamic allocation there are as many as waiting tasks
 * make Spark ask for; otherwise those of the executors that have come.
 */
public final class WorkerSlots {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerSlots.class);

  static final String DYNAMIC = "spark.dynamicAllocation.enabled";
  static final String MOST_EXECUTORS = "spark.dynamicAllocation.maxExecutors";

  private static final String RATIO = "spark.dynamicAllocation.executorAllocationRatio";
  private static final String REGISTRATION = "spark.scheduler.maxRegisteredResourcesWaitingTime";
  private static final long MAX_WAIT_S = 600;
  private static final long LOOK_NANOS = 100_000_000L;
  private static final long LOG_S = 5;

  private final SparkContext context;
  private final IntSupplier partitions;
  private int grown;

  /**
   * The slots for the fits of one call.
   *
   * @param partitions returns the number of partitions of the rows; asked for only if it matters
   */
  public WorkerSlots(SparkContext context, IntSupplier partitions) {
    this.context = context;
    this.partitions = partitions;
  }

  SparkContext context() {
    return context;
  }

  /** Whether Spark starts and ends executors while the application runs. */
  static boolean areDynamic(SparkContext context) {
    return !context.isLocal() && context.conf().getBoolean(DYNAMIC, false);
  }

  /**
   * Returns the number of workers that can run at once.
   *
   * <p>Without dynamic allocation, it waits for the first executor, and then for {@code numWorkers}
   * slots, as long as Spark waits for executors when it starts: one may just have been lost. Under
   * dynamic allocation, {@link #bring} brings the executors of {@code numWorkers} workers.
   *
   * @param numWorkers number of workers; 0 for as many as possible
   */
  int available(int numWorkers) {
    if (areDynamic(context)) {
      if (numWorkers > 0) {
        return Math.min(numWorkers, most());
      }
      // All fits of a call get the same number, and only the first of them waits.
      grown = grown == 0 ? grow() : grown;
      return grown;
    }
    awaitFirst();
    if (!context.isLocal()) {
      haveSlots(context, numWorkers, registrationSeconds(), () -> {});
    }
    return Slots.now(context);
  }

  private void awaitFirst() {
    if (Slots.now(context) == 0) {
      JavaSparkContext.fromSparkContext(context).parallelize(List.of(1), 1).count();
    }
  }

  private long registrationSeconds() {
    return context.conf().getTimeAsSeconds(REGISTRATION, "30s");
  }

  /** Returns the most slots that dynamic allocation may reach. */
  private int most() {
    SparkConf conf = context.conf();
    int executors = conf.getInt(MOST_EXECUTORS, Integer.MAX_VALUE);
    return (int) Math.min((long) executors * ofExecutor(), Integer.MAX_VALUE);
  }

  /** Where no setting says how many cores an executor takes, the first one shows it. */
  private int ofExecutor() {
    SparkConf conf = context.conf();
    if (conf.contains("spark.executor.cores")) {
      return context.resourceProfileManager().defaultResourceProfile().maxTasksPerExecutor(conf);
    }
    awaitFirst();
    return Slots.ofExecutor(context);
  }

  /** Lets the cluster grow by tasks that wait, and returns how many slots it then has. */
  private int grow() {
    awaitFirst();
    int wanted = Math.min(Math.max(1, partitions.getAsInt()), most());
    hold(context, wanted, registrationSeconds());
    int workers = Math.min(wanted, Slots.now(context));
    LOG.info(
        "dynamic allocation: {} workers, of {} wanted (one for each partition of the DataFrame, as far as {} allows); set numWorkers for a model that does not depend on how fast executors come",
        workers,
        wanted,
        MOST_EXECUTORS);
    return workers;
  }

  /**
   * Lets waiting tasks bring executors until {@code slots} tasks can run at once; returns whether
   * they can.
   */
  private static boolean hold(SparkContext context, int slots, long seconds) {
    return Slots.now(context) >= slots
        || SparkJobs.run(
            context, "waiting for executors", () -> holdInJob(context, slots, seconds));
  }

  private static boolean holdInJob(SparkContext context, int slots, long seconds) {
    // Spark starts executors for this share of its tasks.
    int tasks = (int) Math.ceil(slots / context.conf().getDouble(RATIO, 1));
    JavaFutureAction<Void> holders =
        JavaSparkContext.fromSparkContext(context)
            .parallelize(Collections.nCopies(tasks, 1), tasks)
            .foreachAsync(
                one -> {
                  while (!TaskContext.get().isInterrupted()) {
                    TimeUnit.MILLISECONDS.sleep(10);
                  }
                });
    try {
      return haveSlots(context, slots, seconds, () -> requireRunning(holders));
    } finally {
      holders.cancel(true);
    }
  }

  /** Tasks that wait without end are done only if somebody has cancelled the fit. */
  private static void requireRunning(JavaFutureAction<Void> holders) {
    if (holders.isDone()) {
      RoundJob.result(holders);
    }
  }

  /**
   * Waits until {@code workers} tasks can run at once, for example after an executor was lost.
   * Spark itself would start the round's tasks at once, and they would wait for the missing ones in
   * slots that others could use. Under dynamic allocation only {@link #bring} brings executors.
   *
   * @throws MissingSlotsException if they cannot within {@value #MAX_WAIT_S} seconds
   */
  static void await(SparkContext context, int workers) {
    if (!areDynamic(context) && !haveSlots(context, workers, MAX_WAIT_S, () -> {})) {
      throw new MissingSlotsException(
          Text.format(
              "training needs %d free slots at once, but for %d s the cluster has had %d; add executors, or train again with a lower numWorkers",
              workers, MAX_WAIT_S, Slots.now(context)));
    }
  }

  /**
   * Brings executors under dynamic allocation, until {@code workers} tasks can run at once. They
   * leave again if nothing runs on them, so this belongs right before the round.
   *
   * @throws MissingSlotsException if they do not come within the time of {@link
   *     RoundJob#SLOT_TIMEOUT}
   */
  static void bring(SparkContext context, int workers) {
    long seconds = RoundJob.timeoutMs(context.conf(), false) / 1000;
    if (areDynamic(context) && !hold(context, workers, seconds)) {
      throw new MissingSlotsException(
          Text.format(
              "aggregation = allReduce needs %d slots at once, but dynamic allocation brought %d within %d s (%s); raise that setting, lower numWorkers, or set aggregation to tree",
              workers, Slots.now(context), seconds, RoundJob.SLOT_TIMEOUT));
    }
  }

  /**
   * Waits up to {@code seconds} until {@code workers} tasks can run at once; returns whether they
   * can.
   *
   * @param check called while it waits
   */
  private static boolean haveSlots(
      SparkContext context, int workers, long seconds, Runnable check) {
    long start = System.nanoTime();
    long logged = 0;
    while (Slots.now(context) < workers) {
      long waited = (System.nanoTime() - start) / 1_000_000_000L;
      if (waited >= seconds) {
        return false;
      }
      if (waited >= logged + LOG_S) {
        logged = waited;
        LOG.info(
            "training has waited {} s for executors with {} slots, and waits up to {} s: there are {}",
            waited,
            workers,
            seconds,
            Slots.now(context));
      }
      LockSupport.parkNanos(LOOK_NANOS);
      SparkJobs.requireGoingOn(context, "training");
      check.run();
    }
    return true;
  }
}

package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.evaluation.Evaluator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;
import org.sparksae.spark.data.Stored;
import org.sparksae.spark.job.Slots;
import scala.jdk.javaapi.CollectionConverters;

/** Work that would never end, in a thread of its own, and the ways to end it. */
final class CancelledWork {
  /** A bound for slow machines: cancelled work usually ends in a fraction of a second. */
  private static final long PATIENCE_S = 60;

  private static final String TAG = "a-callers-tag";

  /** One group for each work, because Spark remembers groups whose future jobs are cancelled. */
  private final String group = "group " + UUID.randomUUID();

  private final SparkSession spark;
  private final SparkContext context;
  private final Work work;
  private final Thread thread;
  private final SparseAutoencoderModel model;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile Throwable failure;
  private volatile boolean flagged;
  private volatile Set<String> tags;

  /** Ways to cancel work. */
  enum Cause {
    GROUP_CANCELLED,
    GROUP_AND_FUTURE_JOBS_CANCELLED,
    TAG_CANCELLED,
    ALL_CANCELLED,
    GROUP_CANCELLED_WITH_INTERRUPTS,
    INTERRUPTED,
    /** As Spark Connect ends an operation. */
    TAG_CANCELLED_AND_INTERRUPTED,
    STOPPED;

    boolean interrupts() {
      return this == INTERRUPTED || this == TAG_CANCELLED_AND_INTERRUPTED;
    }
  }

  /** Work without end. */
  enum Work {
    LBFGS(2),
    TREE(2),
    ALL_REDUCE(2),
    ONE_WORKER(2),
    GREEDY(2),
    CROSS_VALIDATOR(6),
    TRANSFORM(1);

    /** Jobs that have begun when the endless part begins; earlier ones read the rows. */
    private final int jobs;

    Work(int jobs) {
      this.jobs = jobs;
    }

    boolean isFit() {
      return this != TRANSFORM;
    }

    /** The jobs are few and long, so that one more would be a retry. */
    boolean isOneJob() {
      return this == ALL_REDUCE || this == ONE_WORKER || this == TRANSFORM;
    }
  }

  private CancelledWork(SparkSession spark, Work work, Cause cause) {
    this.spark = spark;
    this.context = spark.sparkContext();
    this.work = work;
    this.model = work == Work.TRANSFORM ? Fixtures.estimator().fit(frame(spark)) : null;
    this.thread = new Thread(() -> run(cause), work + " " + cause);
  }

  /** Begins some work, cancels it, and checks that it left nothing. */
  static void endsAndLeavesNothing(SparkSession spark, Work work, Cause cause) throws Exception {
    CancelledWork begun = new CancelledWork(spark, work, cause);
    begun.thread.start();
    begun.awaitItsLength();
    int jobs = begun.jobs();
    begun.tellUntilEnded(cause);
    begun.assertEndedBy(cause);
    if (cause != Cause.STOPPED) {
      begun.assertNothingIsLeft(jobs);
    }
  }

  private void run(Cause cause) {
    context.setJobGroup(group, "", cause == Cause.GROUP_CANCELLED_WITH_INTERRUPTS);
    context.addJobTag(TAG);
    try {
      begin();
    } catch (Throwable thrown) {
      failure = thrown;
    }
    flagged = Thread.interrupted();
    tags = CollectionConverters.asJava(context.getJobTags());
    ended.countDown();
  }

  private void begin() {
    Dataset<Row> rows = frame(spark);
    SparseAutoencoder endless =
        Fixtures.estimator().setHiddenLayers(8).setMaxIter(Integer.MAX_VALUE);
    switch (work) {
      case LBFGS -> endless.fit(rows);
      case TREE -> endless.setSolver("adam").setAggregation("tree").fit(rows);
      case ALL_REDUCE -> endless.setSolver("adam").setAggregation("allReduce").fit(rows);
      case ONE_WORKER -> endless.setSolver("adam").setNumWorkers(1).fit(rows);
      case GREEDY -> endless.setHiddenLayers(8, 6).setLayerTraining("greedy").fit(rows);
      case CROSS_VALIDATOR -> crossValidator(endless).fit(rows);
      case TRANSFORM ->
          model
              .transform(rows.crossJoin(spark.range(1L << 40).toDF("n")))
              .select("code")
              .foreach(row -> {});
    }
  }

  private static CrossValidator crossValidator(SparseAutoencoder estimator) {
    Estimator<?> tuned = estimator.setReconstructionCol("reconstruction");
    Evaluator evaluator =
        new ReconstructionEvaluator()
            .setInputCol(TestFrames.FEATURES)
            .setReconstructionCol("reconstruction");
    ParamMap[] grid =
        new ParamGridBuilder().addGrid(estimator.regParam(), new double[] {0, 1e-4}).build();
    return new CrossValidator()
        .setEstimator(tuned)
        .setEvaluator(evaluator)
        .setEstimatorParamMaps(grid)
        .setNumFolds(2);
  }

  /** The rows of all work here. */
  static Dataset<Row> frame(SparkSession spark) {
    return TestFrames.frame(
        spark,
        InputType.DENSE_VECTOR,
        TestFrames.splitBySize(TestFrames.rows(600, 12, 17), 310, 290));
  }

  private int jobs() {
    return context.statusTracker().getJobIdsForGroup(group).length;
  }

  private void awaitItsLength() throws InterruptedException {
    int before = jobs();
    await(
        "the work goes on",
        () -> jobs() >= before + work.jobs && (!work.isOneJob() || Slots.taken(context) > 0));
  }

  private void await(String what, BooleanSupplier condition) throws InterruptedException {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertTrue(
          System.nanoTime() - start < PATIENCE_S * 1_000_000_000L,
          () ->
              thread.getName()
                  + ": not after "
                  + PATIENCE_S
                  + " s: "
                  + what
                  + "; "
                  + failure
                  + ", ended "
                  + (ended.getCount() == 0));
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  /** Repeats the cancellation, because Spark forgets one that comes between two jobs. */
  private void tellUntilEnded(Cause cause) throws Exception {
    long start = System.nanoTime();
    do {
      tell(cause);
      assertTrue(
          System.nanoTime() - start < PATIENCE_S * 1_000_000_000L,
          () -> thread.getName() + " does not end");
    } while (!ended.await(cause.interrupts() ? PATIENCE_S * 1000 : 100, TimeUnit.MILLISECONDS));
  }

  private void tell(Cause cause) throws ReflectiveOperationException {
    switch (cause) {
      case GROUP_CANCELLED, GROUP_CANCELLED_WITH_INTERRUPTS -> context.cancelJobGroup(group);
      case GROUP_AND_FUTURE_JOBS_CANCELLED -> cancelGroupAndFutureJobs();
      case TAG_CANCELLED -> context.cancelJobsWithTag(TAG);
      case ALL_CANCELLED -> context.cancelAllJobs();
      case INTERRUPTED -> thread.interrupt();
      case TAG_CANCELLED_AND_INTERRUPTED -> {
        thread.interrupt();
        context.cancelJobsWithTag(TAG);
      }
      case STOPPED -> spark.stop();
    }
  }

  /** Spark 3.5 does not have it. */
  private void cancelGroupAndFutureJobs() throws ReflectiveOperationException {
    try {
      SparkContext.class
          .getMethod("cancelJobGroupAndFutureJobs", String.class)
          .invoke(context, group);
    } catch (NoSuchMethodException older) {
      context.cancelJobGroup(group);
    }
  }

  private void assertEndedBy(Cause cause) {
    assertNotNull(failure, thread.getName());
    if (!work.isFit()) {
      return;
    }
    Throwable thrown = failure;
    while (work == Work.CROSS_VALIDATOR && !(thrown instanceof CancellationException)) {
      thrown = thrown.getCause();
    }
    String message = assertInstanceOf(CancellationException.class, thrown).getMessage();
    String why =
        switch (cause) {
          case INTERRUPTED -> "its thread was interrupted";
          case TAG_CANCELLED_AND_INTERRUPTED -> "";
          case STOPPED -> "Spark was stopped";
          default -> "";
        };
    assertTrue(message.contains(" was cancelled: " + why), message);
    assertEquals(0, thrown.getSuppressed().length, "clean-up failed, too");
    assertEquals(cause.interrupts(), flagged, "whether the thread knows that it was interrupted");
    assertEquals(Set.of(TAG), tags, "the caller's tags are as they were");
  }

  private void assertNothingIsLeft(int jobs) throws InterruptedException {
    await(
        "all slots are free",
        () -> context.statusTracker().getActiveJobIds().length == 0 && Slots.taken(context) == 0);
    if (work.isOneJob()) {
      assertEquals(jobs, jobs(), "jobs in all: none is made again");
    }
    // A CrossValidator that fails leaves its folds cached.
    spark.catalog().clearCache();
    assertTrue(context.getPersistentRDDs().isEmpty(), thread.getName());
    Stored.awaitFiles(0);
    SparseAutoencoder next = Fixtures.estimator().setSolver("adam").setAggregation("allReduce");
    assertEquals(3, next.fit(frame(spark)).summary().totalIterations());
  }
}

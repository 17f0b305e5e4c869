package org.sparksae.spark.exchange;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkJobInfo;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.JavaSparkStatusTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.Text;
import org.sparksae.spark.job.Slots;
import org.sparksae.spark.job.SparkJobs;

/**
 * The job of a barrier stage. All of its tasks begin at once or none does, so tasks of other jobs
 * can keep it from its slots for as long as they come one after the other, and Spark says nothing.
 */
final class BarrierJob {
  private static final Logger LOG = LoggerFactory.getLogger(BarrierJob.class);

  /** How long to wait for free slots, as a Spark setting. */
  static final String SLOT_TIMEOUT = "spark.sparsae.exchange.slotTimeout";

  private static final String DEFAULT_SLOT_TIMEOUT = "60s";

  /** How often Spark's web UI, and whoever asks as it does, hears of tasks; below 0 never. */
  private static final String STATUS_PERIOD = "spark.ui.liveUpdate.period";

  private static final long LOOK_MS = 200;
  private static final long LOG_MS = 5000;

  private final SparkContext context;
  private final int workers;
  private final long timeoutMs;
  private long waitedMs;

  private BarrierJob(SparkContext context, int workers) {
    this.context = context;
    this.workers = workers;
    this.timeoutMs = context.conf().getTimeAsMs(SLOT_TIMEOUT, DEFAULT_SLOT_TIMEOUT);
  }

  /**
   * The results of all tasks.
   *
   * @throws MissingSlotsException if the tasks have not begun for the time that {@value
   *     #SLOT_TIMEOUT} says
   */
  static <T> List<T> collect(JavaRDD<T> tasks) {
    BarrierJob job = new BarrierJob(tasks.context(), tasks.getNumPartitions());
    return SparkJobs.run(job.context, "training", () -> job.await(tasks.collectAsync()));
  }

  private <T> List<T> await(JavaFutureAction<List<T>> job) {
    boolean begun = context.conf().getTimeAsMs(STATUS_PERIOD, "100ms") < 0;
    while (true) {
      try {
        return job.get(LOOK_MS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException notYet) {
        begun = begun || hasBegun(job);
      } catch (ExecutionException failed) {
        throw BarrierJob.<RuntimeException>unchecked(failed.getCause());
      } catch (InterruptedException interrupted) {
        throw BarrierJob.<RuntimeException>unchecked(interrupted);
      }
    }
  }

  /** What a job would have thrown if this thread had run it. */
  @SuppressWarnings("unchecked") // As Scala throws checked exceptions that nothing declares.
  private static <E extends Throwable> E unchecked(Throwable failure) throws E {
    throw (E) failure;
  }

  /** Whether the tasks have; if nothing of the job runs, that is waiting, which has an end. */
  private boolean hasBegun(JavaFutureAction<?> job) {
    JavaSparkStatusTracker tracker = JavaSparkContext.fromSparkContext(context).statusTracker();
    int[] stages = job.jobIds().isEmpty() ? new int[0] : stages(tracker, job.jobIds().get(0));
    if (stages.length > 0 && ran(tracker.getStageInfo(stages[stages.length - 1]))) {
      return true;
    }
    if (IntStream.of(stages).noneMatch(stage -> runs(tracker.getStageInfo(stage)))) {
      waitMore(job);
    }
    return false;
  }

  /** The stages of a job; the last one is the barrier's, others make lost rows anew. */
  private static int[] stages(JavaSparkStatusTracker tracker, int job) {
    SparkJobInfo info = tracker.getJobInfo(job);
    return info == null ? new int[0] : IntStream.of(info.stageIds()).sorted().toArray();
  }

  private static boolean runs(SparkStageInfo stage) {
    return stage != null && stage.numActiveTasks() > 0;
  }

  private static boolean ran(SparkStageInfo stage) {
    return stage != null
        && stage.numActiveTasks() + stage.numCompletedTasks() + stage.numFailedTasks() > 0;
  }

  private void waitMore(JavaFutureAction<?> job) {
    waitedMs += LOOK_MS;
    if (waitedMs >= timeoutMs) {
      String slots = slots();
      job.cancel(true);
      throw new MissingSlotsException(
          Text.format(
              "aggregation = allReduce needs %d free slots at once, and has not got them for %d s (%s): %s; wait longer by that setting, lower numWorkers, or set aggregation to tree",
              workers, timeoutMs / 1000, SLOT_TIMEOUT, slots));
    }
    if (waitedMs % LOG_MS == 0) {
      LOG.info(
          "training has waited {} s for {} free slots at once, and waits up to {} s: {}",
          waitedMs / 1000,
          workers,
          timeoutMs / 1000,
          slots());
    }
  }

  private String slots() {
    return "tasks of other jobs run in " + Slots.taken(context) + " of " + Slots.now(context);
  }
}

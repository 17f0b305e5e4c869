package org.sparksae.spark.exchange;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.Text;
import org.sparksae.spark.job.Slots;
import org.sparksae.spark.job.SparkJobs;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The job of a barrier stage. Its tasks start all at once or not at all. So a steady stream of
 * tasks of other jobs can keep it waiting for slots without end, and Spark does not report that.
 */
final class BarrierJob {
  private static final Logger LOG = LoggerFactory.getLogger(BarrierJob.class);

  /** The Spark setting for how long to wait for free slots. */
  static final String SLOT_TIMEOUT = "spark.sparsae.exchange.slotTimeout";

  private static final String DEFAULT_SLOT_TIMEOUT = "60s";

  /** Spark's setting for how long an executor may be silent before it counts as lost. */
  private static final String SILENCE = "spark.network.timeout";

  private static final String DEFAULT_SILENCE = "120s";

  private static final long LOOK_MS = 200;
  private static final long LOG_MS = 5000;

  private final SparkContext context;
  private final int workers;
  private final boolean again;
  private final long timeoutMs;
  private final TaskEvents tasks = new TaskEvents();
  private long waitedMs;

  private BarrierJob(SparkContext context, int workers, boolean again) {
    this.context = context;
    this.workers = workers;
    this.again = again;
    this.timeoutMs = timeoutMs(context.conf(), again);
  }

  /**
   * Returns how long to wait for free slots. After a failure, an executor that hangs keeps its slot
   * until Spark has noticed.
   */
  static long timeoutMs(SparkConf conf, boolean again) {
    long forOthers = conf.getTimeAsMs(SLOT_TIMEOUT, DEFAULT_SLOT_TIMEOUT);
    return again ? forOthers + conf.getTimeAsMs(SILENCE, DEFAULT_SILENCE) : forOthers;
  }

  /**
   * Runs the job and returns the results of all tasks.
   *
   * @param again whether the tasks have failed before
   * @throws MissingSlotsException if the tasks do not start within the time that {@value
   *     #SLOT_TIMEOUT} sets
   */
  static <T> List<T> collect(JavaRDD<T> tasks, boolean again) {
    BarrierJob job = new BarrierJob(tasks.context(), tasks.getNumPartitions(), again);
    job.context.addSparkListener(job.tasks);
    try {
      return SparkJobs.run(job.context, "training", () -> job.await(tasks.collectAsync()));
    } finally {
      job.context.removeSparkListener(job.tasks);
    }
  }

  private <T> List<T> await(JavaFutureAction<List<T>> job) {
    while (true) {
      try {
        return job.get(LOOK_MS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException notYet) {
        if (!tasks.goesOn(job)) {
          waitMore(job);
        }
      } catch (ExecutionException failed) {
        throw BarrierJob.<RuntimeException>unchecked(failed.getCause());
      } catch (InterruptedException interrupted) {
        throw BarrierJob.<RuntimeException>unchecked(interrupted);
      }
    }
  }

  /** Throws what the job would have thrown if this thread had run it. */
  @SuppressWarnings("unchecked") // Scala throws checked exceptions without declaring them.
  private static <E extends Throwable> E unchecked(Throwable failure) throws E {
    throw (E) failure;
  }

  private void waitMore(JavaFutureAction<?> job) {
    waitedMs += LOOK_MS;
    if (waitedMs >= timeoutMs) {
      String slots = slots();
      job.cancel(true);
      throw new MissingSlotsException(
          Text.format(
              "aggregation = allReduce needs %d free slots at once, but did not get them within %d s (%s): %s; raise that setting, lower numWorkers, or set aggregation to tree",
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

  /**
   * Tracks the running tasks of the job. Events arrive at once, while Spark's status tracker is
   * only as recent as an executor's last heartbeat.
   */
  private static final class TaskEvents extends SparkListener {
    private final Map<Integer, List<Integer>> stagesOfJobs = new ConcurrentHashMap<>();
    private final Set<Integer> begun = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Integer> running = new ConcurrentHashMap<>();

    @Override
    public void onJobStart(SparkListenerJobStart job) {
      List<Integer> stages = new ArrayList<>();
      CollectionConverters.asJava(job.stageIds()).forEach(id -> stages.add((Integer) id));
      stagesOfJobs.put(job.jobId(), stages);
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart task) {
      begun.add(task.stageId());
      running.merge(task.stageId(), 1, Integer::sum);
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd task) {
      running.merge(task.stageId(), -1, Integer::sum);
    }

    /**
     * Whether the job makes progress: its barrier stage, the last one, has started, or another
     * stage recomputes lost rows.
     */
    boolean goesOn(JavaFutureAction<?> job) {
      List<Integer> stages =
          job.jobIds().stream()
              .flatMap(id -> stagesOfJobs.getOrDefault(id, List.of()).stream())
              .toList();
      return !stages.isEmpty()
          && (begun.contains(Collections.max(stages))
              || stages.stream().anyMatch(stage -> running.getOrDefault(stage, 0) > 0));
    }
  }

  private String slots() {
    String whose =
        again ? "tasks of other jobs or of the attempt that failed" : "tasks of other jobs";
    return whose + " run in " + Slots.taken(context) + " of " + Slots.now(context);
  }
}

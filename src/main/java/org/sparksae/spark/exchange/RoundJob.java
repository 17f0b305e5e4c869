package org.sparksae.spark.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskFailedReason;
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
 * The job of a round, whose tasks have to run all at once: those that have a slot wait for the
 * others. Tasks of other jobs can keep them waiting without end, and Spark does not report that, so
 * this class does. It also ends the job at the first task that fails, which Spark would start again
 * without the others.
 */
final class RoundJob {
  private static final Logger LOG = LoggerFactory.getLogger(RoundJob.class);

  /** The Spark setting for how long to wait for free slots. */
  static final String SLOT_TIMEOUT = "spark.sparsae.exchange.slotTimeout";

  private static final String DEFAULT_SLOT_TIMEOUT = "60s";

  /** Spark's setting for how long an executor may be silent before it counts as lost. */
  private static final String SILENCE = "spark.network.timeout";

  private static final String DEFAULT_SILENCE = "120s";

  /**
   * One round after the other gets its slots. Otherwise each of two could hold a part of them, and
   * wait for the rest.
   */
  private static final Semaphore TURN = new Semaphore(1, true);

  private static final long LOOK_MS = 200;
  private static final long LOG_MS = 5000;

  private final SparkContext context;
  private final int workers;
  private final boolean again;
  private final long timeoutMs;
  private final TaskEvents tasks = new TaskEvents();
  private long waitedMs;
  private boolean hasTurn;

  private RoundJob(JavaRDD<?> tasks, boolean again) {
    this.context = tasks.context();
    this.workers = tasks.getNumPartitions();
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
   * @throws IllegalStateException with Spark's text as its message, if a task fails
   * @throws MissingSlotsException if the tasks do not start within the time that {@value
   *     #SLOT_TIMEOUT} sets
   */
  static <T> List<T> collect(JavaRDD<T> tasks, boolean again) {
    RoundJob job = new RoundJob(tasks, again);
    // In Spark's own queue, where no slow listener of somebody else's delays events or loses them.
    job.context.listenerBus().addToManagementQueue(job.tasks);
    try {
      return SparkJobs.run(job.context, "training", () -> job.inTurn(tasks));
    } finally {
      job.context.removeSparkListener(job.tasks);
    }
  }

  private <T> List<T> inTurn(JavaRDD<T> tasks) {
    try {
      awaitTurn();
      WorkerSlots.bring(context, workers);
      return runToItsEnd(tasks.collectAsync());
    } finally {
      endTurn();
    }
  }

  /** Waits as long as it takes: who has the turn may have a stage that reads lost rows again. */
  private void awaitTurn() {
    try {
      // The form without a time would not keep to the order.
      if (!TURN.tryAcquire(0, TimeUnit.MILLISECONDS)) {
        LOG.info("training waits until another fit has its slots");
        TURN.acquire();
      }
      hasTurn = true;
      SparkJobs.requireGoingOn(context, "training");
    } catch (InterruptedException interrupted) {
      throw RoundJob.<RuntimeException>unchecked(interrupted);
    }
  }

  private void endTurn() {
    if (hasTurn) {
      hasTurn = false;
      TURN.release();
    }
  }

  private <T> List<T> runToItsEnd(JavaFutureAction<List<T>> job) {
    try {
      return await(job);
    } finally {
      if (!job.isDone()) {
        job.cancel(true);
      }
    }
  }

  private <T> List<T> await(JavaFutureAction<List<T>> job) {
    while (!isDone(job)) {
      String failure = tasks.failure(job);
      // What ended the job also ends its tasks, and is then the reason.
      if (failure != null && !isDone(job)) {
        throw new IllegalStateException(failure);
      }
      if (tasks.begun(job) >= workers) {
        endTurn();
      } else if (!tasks.isReading(job)) {
        waitMore(job);
      }
    }
    return result(job);
  }

  /** Waits a little for the end of the job. */
  private static boolean isDone(JavaFutureAction<?> job) {
    try {
      job.get(LOOK_MS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException notYet) {
      return false;
    } catch (ExecutionException failed) {
      return true;
    } catch (InterruptedException interrupted) {
      throw RoundJob.<RuntimeException>unchecked(interrupted);
    }
  }

  /** Returns the result of a job, or throws what it would have thrown in this thread. */
  static <T> T result(JavaFutureAction<T> job) {
    try {
      return job.get();
    } catch (ExecutionException failed) {
      throw RoundJob.<RuntimeException>unchecked(failed.getCause());
    } catch (InterruptedException interrupted) {
      throw RoundJob.<RuntimeException>unchecked(interrupted);
    }
  }

  @SuppressWarnings("unchecked") // Scala throws checked exceptions without declaring them.
  private static <E extends Throwable> E unchecked(Throwable failure) throws E {
    throw (E) failure;
  }

  private void waitMore(JavaFutureAction<?> job) {
    waitedMs += LOOK_MS;
    if (waitedMs >= timeoutMs) {
      throw new MissingSlotsException(
          Text.format(
              "aggregation = allReduce needs %d free slots at once, but did not get them within %d s (%s): %s; raise that setting, lower numWorkers, or set aggregation to tree",
              workers, timeoutMs / 1000, SLOT_TIMEOUT, slots(job)));
    }
    if (waitedMs % LOG_MS == 0) {
      LOG.info(
          "training has waited {} s for {} free slots at once, and waits up to {} s: {}",
          waitedMs / 1000,
          workers,
          timeoutMs / 1000,
          slots(job));
    }
  }

  /**
   * Tracks the running tasks of the job. Events arrive at once, while Spark's status tracker is
   * only as recent as an executor's last heartbeat.
   */
  private static final class TaskEvents extends SparkListener {
    private final Map<Integer, List<Integer>> stagesOfJobs = new ConcurrentHashMap<>();
    private final Map<Integer, Integer> begun = new ConcurrentHashMap<>();
    private final Map<Integer, Set<Long>> running = new ConcurrentHashMap<>();
    private final Map<Integer, String> failures = new ConcurrentHashMap<>();

    @Override
    public void onJobStart(SparkListenerJobStart job) {
      List<Integer> stages = new ArrayList<>();
      CollectionConverters.asJava(job.stageIds()).forEach(id -> stages.add((Integer) id));
      stagesOfJobs.put(job.jobId(), stages);
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart task) {
      // Attempts after the first take no part in the round.
      begun.merge(task.stageId(), task.taskInfo().attemptNumber() == 0 ? 1 : 0, Integer::sum);
      running(task.stageId()).add(task.taskInfo().taskId());
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd task) {
      running(task.stageId()).remove(task.taskInfo().taskId());
      // The copy of a slow task ends with the task.
      if (task.reason() instanceof TaskFailedReason reason && !task.taskInfo().speculative()) {
        failures.putIfAbsent(task.stageId(), reason.toErrorString());
      }
    }

    /** Returns what Spark says of the first task of the round that failed; null if none has. */
    String failure(JavaFutureAction<?> job) {
      return round(job).map(failures::get).orElse(null);
    }

    /** Returns how many tasks of the round have begun. */
    int begun(JavaFutureAction<?> job) {
      return round(job).map(begun::get).orElse(0);
    }

    /** Whether a stage before that of the round reads lost rows again. */
    boolean isReading(JavaFutureAction<?> job) {
      Optional<Integer> round = round(job);
      return stages(job)
          .filter(stage -> !stage.equals(round.get()))
          .anyMatch(stage -> !running(stage).isEmpty());
    }

    private Set<Long> running(int stage) {
      return running.computeIfAbsent(stage, unused -> ConcurrentHashMap.newKeySet());
    }

    /** The stage of the round is the job's last. */
    private Optional<Integer> round(JavaFutureAction<?> job) {
      return stages(job).max(Integer::compare);
    }

    private Stream<Integer> stages(JavaFutureAction<?> job) {
      return job.jobIds().stream().flatMap(id -> stagesOfJobs.getOrDefault(id, List.of()).stream());
    }
  }

  private String slots(JavaFutureAction<?> job) {
    int own = tasks.begun(job);
    String present = own == 0 ? "" : own + " of " + workers + " workers wait for the others, and ";
    String whose =
        again ? "tasks of other jobs or of the attempt that failed" : "tasks of other jobs";
    int others = Math.max(0, Slots.taken(context) - own);
    return present + whose + " run in " + others + " of " + Slots.now(context);
  }
}

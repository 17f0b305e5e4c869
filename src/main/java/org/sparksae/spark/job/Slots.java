package org.sparksae.spark.job;

import java.util.Arrays;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkExecutorInfo;
import org.apache.spark.scheduler.TaskSchedulerImpl;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The number of tasks that a cluster can run at once.
 *
 * <p>{@code spark.default.parallelism} is another number: that of partitions, which users may set
 * to any value.
 */
public final class Slots {
  private Slots() {}

  /** Returns the number of tasks that the present executors can run at once; may be 0. */
  public static int now(SparkContext context) {
    return context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
  }

  /**
   * Returns the number of partitions that give every slot work. On a cluster it is at least 2, as
   * in Spark itself, because executors may still be starting.
   */
  public static int toFill(SparkContext context) {
    return Math.max(context.isLocal() ? 1 : 2, now(context));
  }

  /**
   * Returns the most tasks that one of the present executors can run at once, if they are alike.
   */
  public static int ofExecutor(SparkContext context) {
    // The driver is one of them.
    int executors = Math.max(1, context.getExecutorMemoryStatus().size() - 1);
    return (now(context) + executors - 1) / executors;
  }

  /** Returns the number of running tasks of all jobs. */
  public static int taken(SparkContext context) {
    // The status tracker is only as recent as an executor's last heartbeat.
    return context.taskScheduler() instanceof TaskSchedulerImpl scheduler
        ? CollectionConverters.asJava(scheduler.runningTasksByExecutors()).values().stream()
            .mapToInt(tasks -> (Integer) tasks)
            .sum()
        : Arrays.stream(context.statusTracker().getExecutorInfos())
            .mapToInt(SparkExecutorInfo::numRunningTasks)
            .sum();
  }
}

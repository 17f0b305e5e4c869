package org.sparksae.spark.job;

import java.util.Arrays;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkExecutorInfo;
import org.apache.spark.scheduler.TaskSchedulerImpl;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Tasks that a cluster can run at once.
 *
 * <p>{@code spark.default.parallelism} is something else: a number of partitions that a user may
 * set to anything.
 */
public final class Slots {
  private Slots() {}

  /** As many tasks as the executors that are there now can run at once; may be 0. */
  public static int now(SparkContext context) {
    return context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
  }

  /**
   * Partitions that give every slot work. At least 2 on a cluster, as some of its executors may not
   * have come yet: what Spark itself takes there.
   */
  public static int toFill(SparkContext context) {
    return Math.max(context.isLocal() ? 1 : 2, now(context));
  }

  /** Tasks that run now, of whatever jobs. */
  public static int taken(SparkContext context) {
    // Not from the status tracker, which is as old as an executor's last heartbeat.
    return context.taskScheduler() instanceof TaskSchedulerImpl scheduler
        ? CollectionConverters.asJava(scheduler.runningTasksByExecutors()).values().stream()
            .mapToInt(tasks -> (Integer) tasks)
            .sum()
        : Arrays.stream(context.statusTracker().getExecutorInfos())
            .mapToInt(SparkExecutorInfo::numRunningTasks)
            .sum();
  }
}

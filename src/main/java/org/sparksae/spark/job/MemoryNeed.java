package org.sparksae.spark.job;

import org.apache.spark.SparkContext;
import org.sparksae.core.Text;

/**
 * A lower bound on the memory that some work needs. Work that cannot succeed fails at once, instead
 * of with an OutOfMemoryError after a long time.
 *
 * @param driver bytes needed on the driver; in local mode including those of its tasks
 * @param executor bytes needed on each executor; in local mode 0
 */
public record MemoryNeed(long driver, long executor) {

  /**
   * Rejects work that needs more memory than driver and executors have.
   *
   * @param what the work, for the message
   * @param change what to change instead of the memory setting, for the message
   * @throws IllegalArgumentException naming where memory is short, how much is needed and
   *     available, and the setting
   */
  public void require(SparkContext context, String what, String change) {
    require(Runtime.getRuntime().maxMemory(), executorHeap(context), what, change);
  }

  /** The same check with given heap sizes, in bytes. */
  public void require(long driverHeap, long executorHeap, String what, String change) {
    if (driver > driverHeap) {
      throw refusal(what, driver, "the driver", driverHeap, "spark.driver.memory", change);
    }
    if (executor > executorHeap) {
      throw refusal(what, executor, "each executor", executorHeap, "spark.executor.memory", change);
    }
  }

  private static IllegalArgumentException refusal(
      String what, long need, String where, long heap, String setting, String change) {
    return new IllegalArgumentException(
        Text.format(
            "%s needs at least %s (%d bytes) of memory on %s, which has %s (%d bytes); set %s to more, or use %s",
            what, gibibytes(need), need, where, gibibytes(heap), heap, setting, change));
  }

  private static String gibibytes(long bytes) {
    return Text.format("%.1f GiB", bytes / (double) (1L << 30));
  }

  /** Returns the heap size with which Spark starts an executor's JVM. */
  public static long executorHeap(SparkContext context) {
    return context.conf().getSizeAsMb("spark.executor.memory", "1g") << 20;
  }
}

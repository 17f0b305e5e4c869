package org.sparksae.spark.job;

import org.apache.spark.SparkContext;
import org.sparksae.core.Text;

/** Checks that the results of a job do not exceed what Spark lets tasks send to the driver. */
public final class ResultSize {
  private static final String LIMIT = "spark.driver.maxResultSize";
  private static final String DEFAULT = "1g";
  private static final long MEBIBYTE = 1 << 20;

  private ResultSize() {}

  /**
   * Rejects a job that Spark would otherwise abort after its work is done.
   *
   * @param bytes total size of the results of all tasks
   * @param why what the results consist of, for the message
   * @param remedy what to change instead of the setting, for the message
   * @throws IllegalArgumentException if the results exceed {@value #LIMIT}
   */
  public static void require(SparkContext context, long bytes, String why, String remedy) {
    if (bytes > limit(context)) {
      throw new IllegalArgumentException(
          Text.format(
              "%s = %s is too small for this model: a job brings %d MB to the driver, %s; set it to %dm or more (0: no limit)%s",
              LIMIT,
              context.conf().get(LIMIT, DEFAULT),
              mebibytes(bytes),
              why,
              mebibytes(bytes + bytes / 8),
              remedy));
    }
  }

  /** Returns the largest total size of the results of a job. */
  public static long limit(SparkContext context) {
    long limit = context.conf().getSizeAsBytes(LIMIT, DEFAULT);
    return limit > 0 ? limit : Long.MAX_VALUE;
  }

  private static long mebibytes(long bytes) {
    return (bytes + MEBIBYTE - 1) / MEBIBYTE;
  }
}

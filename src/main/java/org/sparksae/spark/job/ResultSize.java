package org.sparksae.spark.job;

import org.apache.spark.SparkContext;
import org.sparksae.core.Text;

/** Whether what the tasks of a job bring to the driver is as little as Spark allows. */
public final class ResultSize {
  private static final String LIMIT = "spark.driver.maxResultSize";
  private static final String DEFAULT = "1g";
  private static final long MEBIBYTE = 1 << 20;

  private ResultSize() {}

  /**
   * Refuses a job that Spark would end after all of its work is done.
   *
   * @param bytes what all of its tasks bring
   * @param why what they are, for the message
   * @param remedy what else than the setting can be changed, for the message
   * @throws IllegalArgumentException if that is more than {@value #LIMIT}
   */
  public static void require(SparkContext context, long bytes, String why, String remedy) {
    long limit = context.conf().getSizeAsBytes(LIMIT, DEFAULT);
    if (limit > 0 && bytes > limit) {
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

  private static long mebibytes(long bytes) {
    return (bytes + MEBIBYTE - 1) / MEBIBYTE;
  }
}

package org.sparksae.core.stats;

import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.PartitionSum;

/**
 * The standard deviation of all values about the means of their rows: {@code sigma = sqrt(mean over
 * all i, j of (x_ij - mean_j x_ij)^2)}.
 */
public final class PatchScale {
  private PatchScale() {}

  /**
   * Computes sigma, 0 or more.
   *
   * @param data the rows
   * @param d number of columns
   * @throws IllegalArgumentException if there is no row
   */
  public static double sigma(PartitionSum data, int d) {
    try (PartitionSum.Evaluator evaluator = data.with(new float[0])) {
      double[] sums = evaluator.sum((none, partition) -> sums(partition, d));
      if (sums[1] == 0) {
        throw new IllegalArgumentException("a standard deviation needs at least 1 row, got none");
      }
      return Math.sqrt(sums[0] / (sums[1] * d));
    }
  }

  /** {@code [sum of (x - its row's mean)^2, rows]}. */
  private static double[] sums(PartitionRows partition, int d) {
    double[] sums = new double[2];
    Moments.forEachRow(
        partition,
        d,
        x -> {
          double mean = mean(x);
          for (float value : x) {
            sums[0] += (value - mean) * (value - mean);
          }
          sums[1]++;
        });
    return sums;
  }

  /** The mean of a row, in double. */
  public static double mean(float[] x) {
    double sum = 0;
    for (float value : x) {
      sum += value;
    }
    return sum / x.length;
  }
}

package org.sparksae.core.stats;

import java.util.function.Consumer;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.PartitionSum;
import org.sparksae.core.rows.StoredBlock;

/**
 * Mean and covariance of rows x [n, d], computed in double. Row weights are ignored.
 *
 * <pre>
 * mean = (1/n) sum_i x_i;   covariance = (1/(n-1)) sum_i (x_i - mean)(x_i - mean)'
 * </pre>
 *
 * <p>This takes two passes. The second sums products of deviations from the mean, because sums of
 * squares of values far from 0 would lose the covariance to rounding.
 */
public final class Moments {
  private final long rows;
  private final double[] mean;
  private final double[] covariance;

  private Moments(long rows, double[] mean, double[] covariance) {
    this.rows = rows;
    this.mean = mean;
    this.covariance = covariance;
  }

  /**
   * Computes mean and covariance.
   *
   * @param data the rows
   * @param d number of columns
   * @throws IllegalArgumentException if there are fewer than 2 rows
   */
  public static Moments of(PartitionSum data, int d) {
    try (PartitionSum.Evaluator evaluator = data.with(new float[0])) {
      double[] sums = evaluator.sum((none, partition) -> sums(partition, d));
      long rows = (long) sums[d];
      if (rows < 2) {
        throw new IllegalArgumentException(
            "a covariance needs at least 2 rows that are valid, got " + rows);
      }
      double[] mean = new double[d];
      for (int j = 0; j < d; j++) {
        mean[j] = sums[j] / rows;
      }
      double[] products = evaluator.sum((none, partition) -> products(partition, mean));
      return new Moments(rows, mean, covariance(products, d, rows - 1.0));
    }
  }

  /** Number of rows n. */
  public long rows() {
    return rows;
  }

  /** Mean of each column, [d]; not copied. */
  public double[] mean() {
    return mean;
  }

  /** Covariance, [d, d]; not copied. */
  public double[] covariance() {
    return covariance;
  }

  /** {@code [sum of x (d), rows]}. */
  private static double[] sums(PartitionRows partition, int d) {
    double[] sums = new double[d + 1];
    forEachRow(
        partition,
        d,
        x -> {
          for (int j = 0; j < d; j++) {
            sums[j] += x[j];
          }
          sums[d]++;
        });
    return sums;
  }

  /** {@code sum of (x - mean)(x - mean)'}, the lower triangle by rows. */
  private static double[] products(PartitionRows partition, double[] mean) {
    int d = mean.length;
    double[] sums = new double[Math.toIntExact((long) d * (d + 1) / 2)];
    double[] centred = new double[d];
    forEachRow(
        partition,
        d,
        x -> {
          for (int j = 0; j < d; j++) {
            centred[j] = x[j] - mean[j];
          }
          int at = 0;
          for (int i = 0; i < d; i++) {
            double factor = centred[i];
            for (int j = 0; j <= i; j++) {
              sums[at + j] += factor * centred[j];
            }
            at += i + 1;
          }
        });
    return sums;
  }

  private static double[] covariance(double[] triangle, int d, double divisor) {
    double[] covariance = new double[d * d];
    int at = 0;
    for (int i = 0; i < d; i++) {
      for (int j = 0; j <= i; j++) {
        covariance[i * d + j] = triangle[at] / divisor;
        covariance[j * d + i] = covariance[i * d + j];
        at++;
      }
    }
    return covariance;
  }

  /** Calls the consumer with each row as d floats, valid only during the call. */
  static void forEachRow(PartitionRows partition, int d, Consumer<float[]> consumer) {
    float[] row = new float[d];
    for (StoredBlock block : partition.blocks()) {
      for (int i = 0; i < block.size(); i++) {
        block.copyRows(i, i + 1, row, 0);
        consumer.accept(row);
      }
    }
  }
}

package org.sparksae.core.stats;

import java.util.function.Consumer;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.PartitionSum;
import org.sparksae.core.rows.RowBlock;

/**
 * Mean and covariance of rows x [n, d], in double. Row weights are not looked at.
 *
 * <pre>
 * mean = (1/n) sum_i x_i;   covariance = (1/(n-1)) sum_i (x_i - mean)(x_i - mean)'
 * </pre>
 *
 * <p>Two passes: squares are summed about the mean, as those of values far from 0 would lose what
 * the covariance is made of.
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
   * Computes both.
   *
   * @param data the rows
   * @param d their columns
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

  /** n. */
  public long rows() {
    return rows;
  }

  /** The mean of each column, [d]; shared. */
  public double[] mean() {
    return mean;
  }

  /** The covariance, [d, d]; shared. */
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

  /** Passes each row on as d floats, which are valid during the call only. */
  static void forEachRow(PartitionRows partition, int d, Consumer<float[]> consumer) {
    float[] row = new float[d];
    for (RowBlock block : partition.blocks()) {
      Rows rows = block.rows();
      for (int i = 0; i < rows.rows(); i++) {
        if (rows instanceof SparseRows sparse) {
          sparse.copyRow(i, row, 0);
        } else {
          DenseRows dense = (DenseRows) rows;
          System.arraycopy(dense.values(), dense.rowOffset(i), row, 0, d);
        }
        consumer.accept(row);
      }
    }
  }
}

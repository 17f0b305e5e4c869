package org.sparksae.core.stats;

import java.io.Serializable;

/**
 * Weighted mean and variance of each input column.
 *
 * @param means mean of each column, [d]
 * @param variances {@code (1/W) sum of w (x_j - mean_j)^2} of each column, [d]; 0 if it is only a
 *     rounding error
 */
public record InputStatistics(double[] means, double[] variances) implements Serializable {

  /**
   * Computes the statistics from sums over the rows.
   *
   * @param sums {@code sum of w x} (d) from {@code from} on, followed by {@code sum of w x^2} (d)
   */
  static InputStatistics of(double[] sums, int from, int d, double weight) {
    double[] means = new double[d];
    double[] variances = new double[d];
    for (int j = 0; j < d; j++) {
      means[j] = sums[from + j] / weight;
      double squares = sums[from + d + j];
      variances[j] =
          CodeStatistics.variance(squares, sums[from + j] * sums[from + j] / weight) / weight;
    }
    return new InputStatistics(means, variances);
  }

  /** Sum of the columns' variances, which a reconstruction should explain. */
  public double totalVariance() {
    double sum = 0;
    for (double variance : variances) {
      sum += variance;
    }
    return sum;
  }

  /** Standard deviation of a value about its column's mean: {@code sqrt(totalVariance / d)}. */
  public double spread() {
    return Math.sqrt(totalVariance() / variances.length);
  }

  /**
   * Root mean square of the column means, {@code sqrt((1/d) sum over j of mean_j^2)}: the offset
   * that all rows share.
   */
  public double offset() {
    double squares = 0;
    for (double mean : means) {
      squares += mean * mean;
    }
    return Math.sqrt(squares / means.length);
  }
}

package org.sparksae.core.stats;

import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.rows.PartitionSum;

/**
 * The reconstruction error that a given share of the rows exceeds. It is exact for any partitions.
 *
 * <pre>
 * e_i = |x_hat_i - x_i|^2 / d as a float
 * threshold = the smallest e of a row for which  sum of w_i over e_i > e  is at most  share * sum of w_i
 * </pre>
 *
 * <p>It scans the rows twice, with 2^16 counters each time. Floats of 0 or more have the order of
 * their bits. So the first scan counts errors by the upper half of their bits; the second counts
 * those with the threshold's upper half by the lower half. Counts of rows of weight 1 are exact in
 * any order; sums of other weights are exact up to rounding.
 */
public final class ErrorQuantile {
  /** In double, 0.29 of 100 rows are 28.999999999999996 rows. */
  private static final double ROUNDING = 1e-12;

  private ErrorQuantile() {}

  /**
   * Computes the threshold.
   *
   * @param data rows, at least one of them with a weight above 0
   * @param share share of the rows above the threshold, in [0, 1)
   */
  public static double threshold(
      AutoencoderSpec spec, float[] parameters, PartitionSum data, double share) {
    try (PartitionSum.Evaluator evaluator = data.with(parameters)) {
      double[] upper = evaluator.sum(ErrorCounts.ofUpperBits(spec));
      double total = 0;
      for (double weight : upper) {
        total += weight;
      }
      Descent descent = new Descent(share * total * (1 + ROUNDING));
      int high = descent.through(upper);
      int low = descent.through(evaluator.sum(ErrorCounts.ofLowerBits(spec, high)));
      return Float.intBitsToFloat(high << ErrorCounts.BITS | low);
    }
  }

  /** Walks down from the largest errors until their weight exceeds the allowed weight. */
  private static final class Descent {
    private double allowed;

    Descent(double allowed) {
      this.allowed = allowed;
    }

    /** Returns the first index, from the end, at which the weight exceeds what is left. */
    int through(double[] weights) {
      int lowest = 0;
      for (int b = weights.length - 1; b >= 0; b--) {
        if (weights[b] > allowed) {
          return b;
        }
        allowed -= weights[b];
        lowest = weights[b] > 0 ? b : lowest;
      }
      // The scans may differ by a row if executors' kernels round differently.
      return lowest;
    }
  }
}

package org.sparksae.core.stats;

import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.rows.PartitionSum;

/**
 * The reconstruction error beyond which a share of the rows is: exact, whatever the partitions.
 *
 * <pre>
 * e_i = |x_hat_i - x_i|^2 / d as a float
 * threshold = the smallest e of a row for which  sum of w_i over e_i > e  is at most  share * sum of w_i
 * </pre>
 *
 * <p>Two looks at the rows, each with as many counters as there are values of 16 bits: floats of 0
 * or more are ordered as their bits are, so the first counts by the upper half of the bits and the
 * second, among the errors that share it with the threshold, by the lower half. Counts of rows of
 * weight 1 are exact in any order; sums of other weights are so but for rounding.
 */
public final class ErrorQuantile {
  /** A share such as 0.29, of 100 rows, is 28.999999999999996 of them. */
  private static final double ROUNDING = 1e-12;

  private ErrorQuantile() {}

  /**
   * The threshold.
   *
   * @param data rows, of which at least one has a weight above 0
   * @param share in [0, 1)
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

  /** Goes down from the largest errors, as far as weight is allowed to be above. */
  private static final class Descent {
    private double allowed;

    Descent(double allowed) {
      this.allowed = allowed;
    }

    /** The first place, from the end, at which there is more weight than is allowed. */
    int through(double[] weights) {
      int lowest = 0;
      for (int b = weights.length - 1; b >= 0; b--) {
        if (weights[b] > allowed) {
          return b;
        }
        allowed -= weights[b];
        lowest = weights[b] > 0 ? b : lowest;
      }
      // Where an executor's kernels round otherwise than another's, a row may have moved.
      return lowest;
    }
  }
}

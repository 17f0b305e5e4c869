package org.sparksae.core.stats;

import java.io.Serializable;

/**
 * How well rows are reconstructed, and how sparse their codes are. Every mean is weighted by the
 * rows' weights.
 *
 * <p>Without reconstructions, the figures about them are NaN. Without codes, the means of codes are
 * NaN, and {@code firing} has no units.
 *
 * @param rows number of rows, including those of weight 0
 * @param meanSquaredError {@code (1/(W d)) sum of w |x_hat - x|^2}
 * @param fvu fraction of variance unexplained: {@code sum of w |x - x_hat|^2 / sum of w |x - mean
 *     x|^2}; if all rows are equal, 0 for a perfect reconstruction and otherwise 1
 * @param cosine mean of the {@link Cosine} of a row and its reconstruction
 * @param l0 mean number of a code's values that are not 0
 * @param l1 mean sum of the magnitudes of a code's values
 * @param meanActivation mean over rows and values of the code
 * @param firing how often each value of a code is not 0
 */
public record ReconstructionMetrics(
    long rows,
    double meanSquaredError,
    double fvu,
    double cosine,
    double l0,
    double l1,
    double meanActivation,
    FiringShares firing)
    implements Serializable {

  /** {@code 1 - fvu}. */
  public double explainedVariance() {
    return 1 - fvu;
  }

  /** Share of the code's values that are 0 in every row. */
  public double deadFraction() {
    return firing.deadFraction();
  }

  /** Share of the code's values that are not 0 in more than {@value FiringShares#DENSE} of rows. */
  public double denseFraction() {
    return firing.denseFraction();
  }
}

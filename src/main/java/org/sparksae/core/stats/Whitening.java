package org.sparksae.core.stats;

import org.sparksae.core.Text;
import org.sparksae.core.linalg.SymmetricEigen;

/**
 * ZCA whitening. Of all linear maps that turn a covariance C into the identity, it changes the rows
 * least.
 *
 * <pre>
 * C = E diag(lambda) E';   W = E diag(1 / sqrt(lambda + epsilon)) E'
 * </pre>
 *
 * <p>Source: Bell and Sejnowski, The "independent components" of natural scenes are edge filters
 * (1997); epsilon as in Coates, Lee and Ng, An analysis of single-layer networks in unsupervised
 * feature learning (2011).
 */
public final class Whitening {

  /** An eigenvalue below this share of the largest is 0 with a rounding error. */
  private static final double SINGULAR = 1e-7;

  /**
   * Covariance, eigenvectors and W, with room for the sums from which the covariance is computed.
   */
  private static final long BYTES_OF_PAIR = 4L * Double.BYTES;

  /** The largest d for which d * d elements fit a Java array. */
  private static final int MOST_COLUMNS = 46_340;

  private Whitening() {}

  /** Memory for whitening d columns, in bytes. */
  public static double bytes(int d) {
    return (double) BYTES_OF_PAIR * d * d;
  }

  /** Largest number of columns that can be whitened within {@code bytes} of memory. */
  public static int mostColumns(long bytes) {
    return (int) Math.min(MOST_COLUMNS, Math.sqrt((double) bytes / BYTES_OF_PAIR));
  }

  /**
   * Computes the symmetric W, [d, d].
   *
   * @param covariance C, [d, d]
   * @param epsilon added to each eigenvalue, 0 or more
   * @throws IllegalArgumentException if the rows do not vary in some direction and epsilon is too
   *     small
   */
  public static double[] zca(double[] covariance, int d, double epsilon) {
    SymmetricEigen eigen = SymmetricEigen.of(covariance, d);
    double[] scales = scales(eigen.values(), epsilon);
    double[] vectors = eigen.vectors();
    double[] w = new double[d * d];
    for (int k = 0; k < d; k++) {
      for (int i = 0; i < d; i++) {
        double factor = scales[k] * vectors[k * d + i];
        for (int j = 0; j <= i; j++) {
          w[i * d + j] += factor * vectors[k * d + j];
        }
      }
    }
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < i; j++) {
        w[j * d + i] = w[i * d + j];
      }
    }
    return w;
  }

  private static double[] scales(double[] eigenvalues, double epsilon) {
    int d = eigenvalues.length;
    double least = SINGULAR * Math.max(eigenvalues[d - 1], 0);
    double[] scales = new double[d];
    for (int k = 0; k < d; k++) {
      double value = Math.max(eigenvalues[k], 0) + epsilon;
      if (value <= least) {
        throw new IllegalArgumentException(
            Text.format(
                "epsilon must be above %s, as the rows do not vary in every direction (rows of which the mean was removed never do); got %s",
                least, epsilon));
      }
      scales[k] = 1 / Math.sqrt(value);
    }
    return scales;
  }
}

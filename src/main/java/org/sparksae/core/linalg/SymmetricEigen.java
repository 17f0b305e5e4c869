package org.sparksae.core.linalg;

import dev.ludovic.netlib.lapack.JavaLAPACK;
import org.netlib.util.intW;
import org.sparksae.core.Text;

/**
 * The eigen-decomposition {@code A = E diag(lambda) E'} of a symmetric matrix A [n, n]. It uses the
 * Java version of LAPACK's dsyev, so equal matrices give equal bits on every machine.
 */
public final class SymmetricEigen {
  private final double[] values;
  private final double[] vectors;

  private SymmetricEigen(double[] values, double[] vectors) {
    this.values = values;
    this.vectors = vectors;
  }

  /**
   * Decomposes a matrix.
   *
   * @param matrix A, [n, n]; not changed
   * @param n rows of A, 1 or more
   * @throws IllegalArgumentException if A has another size
   * @throws ArithmeticException if the iteration does not converge, for example because of NaN
   */
  public static SymmetricEigen of(double[] matrix, int n) {
    if (n < 1 || matrix.length != (long) n * n) {
      throw new IllegalArgumentException(
          Text.format("the matrix must have n * n elements, got %d with n = %d", matrix.length, n));
    }
    double[] vectors = matrix.clone();
    double[] values = new double[n];
    // dsyev needs at least 3 n - 1; with more it works in blocks.
    double[] work = new double[34 * n];
    intW info = new intW(0);
    JavaLAPACK.getInstance().dsyev("V", "U", n, vectors, n, values, work, work.length, info);
    if (info.val != 0) {
      throw new ArithmeticException(
          Text.format(
              "the eigen-decomposition of a %d x %d matrix failed, dsyev says %d", n, n, info.val));
    }
    return new SymmetricEigen(values, vectors);
  }

  /** Returns lambda, [n], ascending; shared. */
  public double[] values() {
    return values;
  }

  /** Returns the eigenvectors, [n, n], one per row, in the order of {@link #values()}; shared. */
  public double[] vectors() {
    return vectors;
  }
}

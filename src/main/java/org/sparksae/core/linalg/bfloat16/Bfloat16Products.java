package org.sparksae.core.linalg.bfloat16;

import org.sparksae.core.linalg.DenseRows;

/**
 * Products of matrices of bfloat16 values, summed in float32. Row-major, like those of {@link
 * org.sparksae.core.linalg.Gemm}.
 *
 * <p>For inputs within the normal range of float, an element of a result differs from the exact
 * product of the rounded inputs by at most {@code 2 terms 2^-24} times the sum of its terms'
 * magnitudes. Numbers below {@code 2^-126}, inputs and sums, may count as 0. NaN and infinity
 * propagate as in IEEE arithmetic.
 *
 * <p>Threads may call an instance at the same time. A matrix that one of them writes must not be
 * used by others, but several may round different rows of it.
 */
public interface Bfloat16Products {

  /** A matrix of bfloat16 values, which keeps its memory. */
  interface Matrix {

    /** Returns the number of rows that it has room for. */
    int rows();

    /** Returns the number of columns. */
    int columns();

    /**
     * Sets rows from {@code first} on, rounded to the nearest value, ties to even. NaN stays NaN,
     * and what exceeds the largest value becomes infinite.
     */
    void round(DenseRows from, int first);
  }

  /** Returns a new matrix of zeros, [rows, columns]. */
  Matrix matrix(int rows, int columns);

  /**
   * Computes {@code C = A W'}: c [n, out], of the first n rows of a [.., in] and as many rows of w
   * [.., in], from {@code firstUnit} on, as c has columns.
   */
  void timesTransposed(Matrix a, Matrix w, int firstUnit, DenseRows c);

  /** Computes {@code C = A W}: c [n, in], of the first n rows of a [.., out] and w [out, in]. */
  void times(Matrix a, Matrix w, DenseRows c);

  /**
   * Computes rows {@code from} to {@code to}, exclusive, of {@code W = A' B} or {@code W += A' B}:
   * of the first n rows of a [.., out] and b [.., in], W [out, in] at {@code w[wOffset]}.
   *
   * @param accumulate whether to add to W instead of replacing it
   */
  void transposedTimes(
      Matrix a, Matrix b, int n, float[] w, int wOffset, int from, int to, boolean accumulate);
}

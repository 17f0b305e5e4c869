package org.sparksae.core.linalg;

import dev.ludovic.netlib.blas.BLAS;

/**
 * Matrix products of row-major float blocks over netlib.
 *
 * <p>A row-major [m, n] array is a column-major [n, m] one, so every product is computed as its
 * transpose: {@code C = op(A) op(B)} becomes {@code C' = op(B)' op(A)'}.
 *
 * <p>Shapes are checked here, once; netlib's kernels are called bare. NaN and infinity propagate as
 * in IEEE arithmetic. A product over zero rows leaves {@code beta * C}.
 */
public final class Gemm {
  /** Units by which threads share a product: the tile of rows that kernels work on, or more. */
  public static final int UNIT_GRAIN = 16;

  private static final BLAS BACKEND = BLAS.getInstance();

  private Gemm() {}

  /** The class of netlib's backend that computes the products, for the training summary. */
  public static String backend() {
    return BACKEND.getClass().getSimpleName();
  }

  /**
   * {@code C = A W'}: c [n, out], a [n, in], W [out, in] at {@code w[wOffset]}.
   *
   * @throws IllegalArgumentException if the shapes do not fit
   */
  public static void timesTransposed(DenseRows a, float[] w, int wOffset, DenseRows c) {
    requireSameRows(a, c);
    requireMatrix(w, wOffset, c.columns(), a.columns());
    sgemm("N", "T", c.rows(), c.columns(), a.columns(), a, w, wOffset, a.columns(), c);
  }

  /**
   * {@code C = A W}: c [n, in], a [n, out], W [out, in] at {@code w[wOffset]}.
   *
   * @throws IllegalArgumentException if the shapes do not fit
   */
  public static void times(DenseRows a, float[] w, int wOffset, DenseRows c) {
    requireSameRows(a, c);
    requireMatrix(w, wOffset, a.columns(), c.columns());
    sgemm("N", "N", c.rows(), c.columns(), a.columns(), a, w, wOffset, c.columns(), c);
  }

  /**
   * {@code W = A' B}, or {@code W += A' B}: a [n, out], b [n, in], W [out, in] at {@code
   * w[wOffset]}.
   *
   * @param accumulate whether to add to W, or to write it; over zero rows it is written as zeros
   * @throws IllegalArgumentException if the shapes do not fit
   */
  public static void transposedTimes(
      DenseRows a, DenseRows b, float[] w, int wOffset, boolean accumulate) {
    transposedTimes(a, 0, a.columns(), b, w, wOffset, accumulate);
  }

  /**
   * The rows {@code from} (inclusive) to {@code to} (exclusive) of {@link
   * #transposedTimes(DenseRows, DenseRows, float[], int, boolean)} alone, so that threads can share
   * one product.
   *
   * @throws IllegalArgumentException if the shapes do not fit
   */
  public static void transposedTimes(
      DenseRows a, int from, int to, DenseRows b, float[] w, int wOffset, boolean accumulate) {
    requireSameRows(a, b);
    requireMatrix(w, wOffset, a.columns(), b.columns());
    if (from < 0 || to < from || to > a.columns()) {
      throw new IllegalArgumentException(
          "rows must be a range within 0 to %d, got %d to %d".formatted(a.columns(), from, to));
    }
    int in = b.columns();
    int at = wOffset + from * in;
    if (a.rows() == 0) {
      Kernels.fill(w, at, accumulate ? at : at + (to - from) * in, 0f);
      return;
    }
    BACKEND.sgemm(
        "N",
        "T",
        in,
        to - from,
        a.rows(),
        1f,
        b.values(),
        b.offset(),
        in,
        a.values(),
        a.offset() + from,
        a.columns(),
        accumulate ? 1f : 0f,
        w,
        at,
        in);
  }

  private static void sgemm(
      String transA,
      String transB,
      int m,
      int n,
      int k,
      DenseRows a,
      float[] b,
      int bOffset,
      int ldb,
      DenseRows c) {
    if (m == 0) {
      return;
    }
    BACKEND.sgemm(
        transB,
        transA,
        n,
        m,
        k,
        1f,
        b,
        bOffset,
        ldb,
        a.values(),
        a.offset(),
        a.columns(),
        0f,
        c.values(),
        c.offset(),
        n);
  }

  private static void requireSameRows(DenseRows a, DenseRows b) {
    if (a.rows() != b.rows()) {
      throw new IllegalArgumentException(
          "blocks must have equally many rows, got %d and %d".formatted(a.rows(), b.rows()));
    }
  }

  private static void requireMatrix(float[] w, int offset, int rows, int columns) {
    long end = offset + (long) rows * columns;
    if (offset < 0 || end > w.length) {
      throw new IllegalArgumentException(
          "a %d x %d matrix at offset %d does not fit an array of %d floats"
              .formatted(rows, columns, offset, w.length));
    }
  }
}

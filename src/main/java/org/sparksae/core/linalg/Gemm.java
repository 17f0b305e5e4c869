package org.sparksae.core.linalg;

import java.util.Arrays;
import org.sparksae.core.linalg.blas.BlasBackend;

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

  private Gemm() {}

  /**
   * What computes the products, such as {@code "OpenBLAS 0.3.31 (bundled, Zen)"}: equal names mean
   * equal bits.
   *
   * @throws IllegalArgumentException if the backend that is forced cannot be used, as from each
   *     product
   */
  public static String backend() {
    return BlasBackend.get().name();
  }

  /**
   * {@code C = A W'}: c [n, out], a [n, in], W [out, in] at {@code w[wOffset]}.
   *
   * <p>For some units only, pass where the first one's row of a larger W begins, {@code wOffset +
   * unit * in}, and a {@code c} of as many columns as there are units.
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
   * {@code W += A' B}: a [n, out], b [n, in], W [out, in] at {@code w[wOffset]}.
   *
   * @throws IllegalArgumentException if the shapes do not fit
   */
  public static void addTransposedTimes(DenseRows a, DenseRows b, float[] w, int wOffset) {
    transposedTimes(a, b, w, wOffset, 0, a.columns(), true);
  }

  /**
   * {@code W = A' B}, whatever W held: a [n, out], b [n, in], W [out, in] at {@code w[wOffset]};
   * all zeros if n is 0.
   *
   * @throws IllegalArgumentException if the shapes do not fit
   */
  public static void transposedTimes(DenseRows a, DenseRows b, float[] w, int wOffset) {
    transposedTimes(a, b, w, wOffset, 0, a.columns(), false);
  }

  /**
   * Rows {@code fromUnit} to {@code toUnit}, exclusive, of {@code W = A' B} or {@code W += A' B}: a
   * [n, out], b [n, in], W [out, in] at {@code w[wOffset]}. Nothing else of W is read or written,
   * so threads may compute disjoint ranges of one gradient at once.
   *
   * @param wOffset where row 0 of the whole W begins
   * @param accumulate whether to add to what W holds instead of replacing it
   * @throws IllegalArgumentException if the shapes do not fit, or the range is not within [0, out]
   */
  public static void transposedTimes(
      DenseRows a,
      DenseRows b,
      float[] w,
      int wOffset,
      int fromUnit,
      int toUnit,
      boolean accumulate) {
    requireSameRows(a, b);
    requireMatrix(w, wOffset, a.columns(), b.columns());
    requireUnits(fromUnit, toUnit, a.columns());
    int in = b.columns();
    int units = toUnit - fromUnit;
    int target = wOffset + fromUnit * in;
    if (units == 0) {
      return;
    }
    if (a.rows() == 0) {
      if (!accumulate) {
        Arrays.fill(w, target, target + units * in, 0f);
      }
      return;
    }
    BlasBackend.get()
        .blas()
        .sgemm(
            "N",
            "T",
            in,
            units,
            a.rows(),
            1f,
            b.values(),
            b.offset(),
            in,
            a.values(),
            a.offset() + fromUnit,
            a.columns(),
            accumulate ? 1f : 0f,
            w,
            target,
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
    BlasBackend.get()
        .blas()
        .sgemm(
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

  private static void requireUnits(int from, int to, int units) {
    if (from < 0 || to < from || to > units) {
      throw new IllegalArgumentException(
          "units must be a range within [0, %d], got [%d, %d)".formatted(units, from, to));
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

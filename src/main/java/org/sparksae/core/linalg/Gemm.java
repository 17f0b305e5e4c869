package org.sparksae.core.linalg;

import dev.ludovic.netlib.blas.BLAS;
import java.util.Arrays;
import org.sparksae.core.Text;
import org.sparksae.core.linalg.blas.BlasBackend;

/**
 * Matrix products of row-major float blocks, computed by netlib.
 *
 * <p>A row-major [m, n] array is a column-major [n, m] one, so every product is computed as its
 * transpose: {@code C = op(A) op(B)} becomes {@code C' = op(B)' op(A)'}.
 *
 * <p>Shapes are checked here; netlib's kernels are called without further checks. NaN and infinity
 * propagate as in IEEE arithmetic. A product over zero rows yields {@code beta * C}.
 */
public final class Gemm {
  /** Rows or columns per block when threads share a result; a size that suits BLAS kernels. */
  public static final int GRAIN = 16;

  private Gemm() {}

  /**
   * Returns the name of the backend, such as {@code "OpenBLAS 0.3.31 (bundled, Zen)"}. Equal names
   * mean equal bits.
   *
   * @throws IllegalArgumentException if a backend is forced that cannot be used; every product
   *     throws it too
   */
  public static String backend() {
    return BlasBackend.get().name();
  }

  /**
   * Computes {@code C = A W'}: c [n, out], a [n, in], W [out, in] at {@code w[wOffset]}.
   *
   * <p>For a range of units, pass the offset of the first unit's row in the larger W, {@code
   * wOffset + unit * in}, and a {@code c} with one column per unit.
   *
   * @throws IllegalArgumentException if the shapes do not fit
   */
  public static void timesTransposed(DenseRows a, float[] w, int wOffset, DenseRows c) {
    requireSameRows(a, c);
    requireMatrix(w, wOffset, c.columns(), a.columns());
    sgemm("N", "T", c.rows(), c.columns(), a.columns(), a, w, wOffset, a.columns(), c);
  }

  /**
   * Computes {@code C = A W}: c [n, in], a [n, out], W [out, in] at {@code w[wOffset]}.
   *
   * @throws IllegalArgumentException if the shapes do not fit
   */
  public static void times(DenseRows a, float[] w, int wOffset, DenseRows c) {
    requireSameRows(a, c);
    requireMatrix(w, wOffset, a.columns(), c.columns());
    sgemm("N", "N", c.rows(), c.columns(), a.columns(), a, w, wOffset, c.columns(), c);
  }

  /**
   * Computes rows {@code from} to {@code to}, exclusive, of {@code W = A' B} or {@code W += A' B}:
   * a [n, out], b [n, in], W [out, in] at {@code w[wOffset]}. The rest of W is neither read nor
   * written, so threads may compute disjoint ranges of one gradient at the same time.
   *
   * @param wOffset offset of row 0 of the whole W
   * @param accumulate whether to add to W instead of replacing it; with zero rows, replacing writes
   *     zeros
   * @throws IllegalArgumentException if the shapes do not fit, or the range is not within [0, out]
   */
  public static void transposedTimes(
      DenseRows a, DenseRows b, float[] w, int wOffset, int from, int to, boolean accumulate) {
    requireRange("rows", from, to, a.columns());
    transposedTimes(a, b, w, wOffset, from, to, 0, b.columns(), accumulate);
  }

  /**
   * Computes columns {@code from} to {@code to}, exclusive, of the result of {@link
   * #transposedTimes}.
   *
   * @throws IllegalArgumentException if the shapes do not fit, or the range is not within [0, in]
   */
  public static void transposedTimesColumns(
      DenseRows a, DenseRows b, float[] w, int wOffset, int from, int to, boolean accumulate) {
    requireRange("columns", from, to, b.columns());
    transposedTimes(a, b, w, wOffset, 0, a.columns(), from, to, accumulate);
  }

  private static void transposedTimes(
      DenseRows a,
      DenseRows b,
      float[] w,
      int wOffset,
      int fromRow,
      int toRow,
      int fromColumn,
      int toColumn,
      boolean accumulate) {
    requireSameRows(a, b);
    requireMatrix(w, wOffset, a.columns(), b.columns());
    int in = b.columns();
    if (fromRow == toRow || fromColumn == toColumn) {
      return;
    }
    if (a.rows() == 0) {
      for (int i = fromRow; !accumulate && i < toRow; i++) {
        int row = wOffset + i * in;
        Arrays.fill(w, row + fromColumn, row + toColumn, 0f);
      }
      return;
    }
    BLAS blas = BlasBackend.get().blas();
    float[] bValues = wholeRows(b, fromColumn);
    float[] aValues = wholeRows(a, fromRow);
    blas.sgemm(
        "N",
        "T",
        toColumn - fromColumn,
        toRow - fromRow,
        a.rows(),
        1f,
        bValues,
        bValues == b.values() ? b.offset() + fromColumn : 0,
        in,
        aValues,
        aValues == a.values() ? a.offset() + fromRow : 0,
        a.columns(),
        accumulate ? 1f : 0f,
        w,
        wOffset + fromRow * in + fromColumn,
        in);
  }

  /**
   * Returns an array for the rows without their first columns, in the form that netlib accepts: the
   * backing array, or a copy padded with zeros that are never read.
   */
  private static float[] wholeRows(DenseRows rows, int from) {
    int start = rows.offset() + from;
    int end = rows.end() + from;
    return end <= rows.values().length || !Netlib.WANTS_WHOLE_ROWS
        ? rows.values()
        : Arrays.copyOfRange(rows.values(), start, end);
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
          Text.format("blocks must have equally many rows, got %d and %d", a.rows(), b.rows()));
    }
  }

  private static void requireRange(String what, int from, int to, int size) {
    if (from < 0 || to < from || to > size) {
      throw new IllegalArgumentException(
          Text.format("%s must be a range within [0, %d], got [%d, %d)", what, size, from, to));
    }
  }

  private static void requireMatrix(float[] w, int offset, int rows, int columns) {
    long end = offset + (long) rows * columns;
    if (offset < 0 || end > w.length) {
      throw new IllegalArgumentException(
          Text.format(
              "a %d x %d matrix at offset %d does not fit an array of %d floats",
              rows, columns, offset, w.length));
    }
  }

  /** The difference between netlib's versions; initialised after a backend has been loaded. */
  private static final class Netlib {
    /**
     * Whether netlib refuses a range of columns if the rows reach the end of their array. Version
     * 3.0.3, which comes with Spark 3.5 and 4.0, does.
     */
    static final boolean WANTS_WHOLE_ROWS = wantsWholeRows(BlasBackend.get().blas());

    private static boolean wantsWholeRows(BLAS blas) {
      float[] row = {1, 1};
      try {
        blas.sgemm("N", "T", 1, 1, 1, 1f, row, 1, 2, row, 1, 2, 0f, new float[1], 0, 1);
        return false;
      } catch (IndexOutOfBoundsException refused) {
        return true;
      }
    }
  }
}

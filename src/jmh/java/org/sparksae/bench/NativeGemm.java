package org.sparksae.bench;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * OpenBLAS called directly: {@code cblas_sgemm} of row-major matrices outside the Java heap, one
 * thread a call.
 */
final class NativeGemm {
  private static final int ROW_MAJOR = openblas_nolapack.CblasRowMajor;
  private static final int PLAIN = openblas_nolapack.CblasNoTrans;
  private static final int TRANSPOSED = openblas_nolapack.CblasTrans;

  static {
    org.bytedeco.openblas.presets.openblas_nolapack.blas_set_num_threads(1);
  }

  private NativeGemm() {}

  /** A matrix outside the heap, filled with small values; freed by {@link Matrix#close}. */
  static final class Matrix implements AutoCloseable {
    private final FloatPointer values;
    private final int rows;
    private final int columns;

    Matrix(int rows, int columns) {
      this.rows = rows;
      this.columns = columns;
      this.values = new FloatPointer((long) rows * columns);
      for (long i = 0; i < (long) rows * columns; i++) {
        values.put(i, (i % 17 - 8) * 0.01f);
      }
    }

    /** Rows of the matrix. */
    int rows() {
      return rows;
    }

    /** Columns of the matrix. */
    int columns() {
      return columns;
    }

    @Override
    public void close() {
      values.deallocate();
    }
  }

  /** {@code C = A W'}: c [n, out], a [n, in], w [out, in]. */
  static void timesTransposed(Matrix a, Matrix w, Matrix c) {
    sgemm(PLAIN, TRANSPOSED, c.rows, c.columns, a.columns, a, w, c);
  }

  /** {@code C = A W}: c [n, in], a [n, out], w [out, in]. */
  static void times(Matrix a, Matrix w, Matrix c) {
    sgemm(PLAIN, PLAIN, c.rows, c.columns, a.columns, a, w, c);
  }

  /** {@code W = A' B}: a [n, out], b [n, in], w [out, in]. */
  static void transposedTimes(Matrix a, Matrix b, Matrix w) {
    sgemm(TRANSPOSED, PLAIN, w.rows, w.columns, a.rows, a, b, w);
  }

  private static void sgemm(
      int transA, int transB, int m, int n, int k, Matrix a, Matrix b, Matrix c) {
    openblas_nolapack.cblas_sgemm(
        ROW_MAJOR,
        transA,
        transB,
        m,
        n,
        k,
        1f,
        a.values,
        a.columns,
        b.values,
        b.columns,
        0f,
        c.values,
        c.columns);
  }
}

package org.sparksae.core.linalg.bfloat16;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Gemm;
import org.sparksae.core.linalg.Kernels;

/**
 * Float32 products of rounded values, for processors that have no products of bfloat16. They take
 * as long as float32's, and twice the memory of bfloat16.
 */
final class RoundedFloats implements Bfloat16Products {

  /** Floats, each of which is a bfloat16. */
  private record Floats(DenseRows values) implements Matrix {

    @Override
    public int rows() {
      return values.rows();
    }

    @Override
    public int columns() {
      return values.columns();
    }

    @Override
    public void round(DenseRows from, int first) {
      Kernels.roundToBfloat16(
          from.values(),
          from.offset(),
          values.values(),
          values.rowOffset(first),
          from.rows() * columns());
    }

    static DenseRows firstRows(Matrix matrix, int n) {
      return ((Floats) matrix).values().slice(0, n);
    }

    static float[] array(Matrix matrix) {
      return ((Floats) matrix).values().values();
    }
  }

  @Override
  public Matrix matrix(int rows, int columns) {
    return new Floats(DenseRows.zeros(rows, columns));
  }

  @Override
  public void timesTransposed(Matrix a, Matrix w, int firstUnit, DenseRows c) {
    Gemm.timesTransposed(
        Floats.firstRows(a, c.rows()), Floats.array(w), firstUnit * w.columns(), c);
  }

  @Override
  public void times(Matrix a, Matrix w, DenseRows c) {
    Gemm.times(Floats.firstRows(a, c.rows()), Floats.array(w), 0, c);
  }

  @Override
  public void transposedTimes(
      Matrix a, Matrix b, int n, float[] w, int wOffset, int from, int to, boolean accumulate) {
    Gemm.transposedTimes(
        Floats.firstRows(a, n), Floats.firstRows(b, n), w, wOffset, from, to, accumulate);
  }
}

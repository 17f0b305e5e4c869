package org.sparksae.core.linalg;

/**
 * Element-wise and reducing loops over float ranges: plain loops that the JIT compiler turns into
 * vector code.
 *
 * <p>They work on ranges of arrays, without a call per element. Shapes are the caller's to check.
 * Sums that leave a block are made in double, in index order, so that they do not depend on how
 * rows were cut into blocks beyond rounding in double precision.
 */
public final class Kernels {
  private Kernels() {}

  /** {@code x[i, j] += v[vOffset + j]} for every row i. */
  public static void addToRows(DenseRows x, float[] v, int vOffset) {
    float[] values = x.values();
    int columns = x.columns();
    for (int start = x.offset(); start < x.end(); start += columns) {
      for (int j = 0; j < columns; j++) {
        values[start + j] += v[vOffset + j];
      }
    }
  }

  /** {@code x[i, j] += scale[i] * v[j]}; a null {@code scale} is 1 for every row. */
  public static void addScaledToRows(DenseRows x, float[] scale, float[] v) {
    if (scale == null) {
      addToRows(x, v, 0);
      return;
    }
    float[] values = x.values();
    int columns = x.columns();
    for (int i = 0; i < x.rows(); i++) {
      int start = x.rowOffset(i);
      float s = scale[i];
      for (int j = 0; j < columns; j++) {
        values[start + j] += s * v[j];
      }
    }
  }

  /** {@code x[i, j] *= scale[i]}; a null {@code scale} changes nothing. */
  public static void scaleRows(DenseRows x, float[] scale) {
    if (scale == null) {
      return;
    }
    float[] values = x.values();
    for (int i = 0; i < x.rows(); i++) {
      int start = x.rowOffset(i);
      float s = scale[i];
      for (int j = start; j < start + x.columns(); j++) {
        values[j] *= s;
      }
    }
  }

  /**
   * {@code sums[sumsOffset + j] += sum over i of x[i, j]}, in float: a bias gradient of one block.
   */
  public static void addColumnSums(DenseRows x, float[] sums, int sumsOffset) {
    float[] values = x.values();
    int columns = x.columns();
    for (int start = x.offset(); start < x.end(); start += columns) {
      for (int j = 0; j < columns; j++) {
        sums[sumsOffset + j] += values[start + j];
      }
    }
  }

  /**
   * {@code sums[sumsOffset + j] += sum over i of weight[i] * x[i, j]}, in double; null weights are
   * 1.
   */
  public static void addWeightedColumnSums(
      DenseRows x, float[] weights, double[] sums, int sumsOffset) {
    float[] values = x.values();
    int columns = x.columns();
    for (int i = 0; i < x.rows(); i++) {
      int start = x.rowOffset(i);
      double weight = weights == null ? 1.0 : weights[i];
      for (int j = 0; j < columns; j++) {
        sums[sumsOffset + j] += weight * values[start + j];
      }
    }
  }

  /** {@code out = a - b}, all [n, d]. */
  public static void subtract(DenseRows a, DenseRows b, DenseRows out) {
    float[] x = a.values();
    float[] y = b.values();
    float[] z = out.values();
    int aStart = a.offset();
    int bStart = b.offset();
    int outStart = out.offset();
    int length = a.rows() * a.columns();
    for (int i = 0; i < length; i++) {
      z[outStart + i] = x[aStart + i] - y[bStart + i];
    }
  }

  /** {@code sum over j of x[from + j]^2} for {@code length} elements, in double. */
  public static double squaredNorm(float[] x, int from, int length) {
    double sum = 0;
    for (int i = from; i < from + length; i++) {
      sum += (double) x[i] * x[i];
    }
    return sum;
  }

  /** {@code sums[sumsOffset + j] += x[j]} for every j. */
  public static void addTo(float[] x, double[] sums, int sumsOffset) {
    for (int j = 0; j < x.length; j++) {
      sums[sumsOffset + j] += x[j];
    }
  }
}

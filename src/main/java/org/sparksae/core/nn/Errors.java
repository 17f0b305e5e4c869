package org.sparksae.core.nn;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;

/** Computes distances between rows and their reconstructions. */
public final class Errors {
  private Errors() {}

  /**
   * Returns {@code sum over i of weight_i |a_i - b_i|^2}, in double: a and b [n, d]. If the weights
   * are null, they are 1.
   */
  public static double squared(DenseRows a, Rows b, float[] weights) {
    double sum = 0;
    for (int i = 0; i < a.rows(); i++) {
      sum += (weights == null ? 1.0 : weights[i]) * squared(a, b, i);
    }
    return sum;
  }

  /** Returns {@code |a_i - b_i|^2 / d} of one row, in double: the reconstruction error. */
  public static double meanSquared(DenseRows a, Rows b, int row) {
    return squared(a, b, row) / a.columns();
  }

  /** Returns {@code |a_i - b_i|^2} of one row, in double. */
  public static double squared(DenseRows a, Rows b, int row) {
    return b instanceof DenseRows dense ? squared(a, dense, row) : squared(a, (SparseRows) b, row);
  }

  private static double squared(DenseRows a, DenseRows b, int row) {
    return Kernels.squaredDistance(
        a.values(), a.rowOffset(row), b.values(), b.rowOffset(row), a.columns());
  }

  /** Sums {@code a_j^2} over all j, with {@code (a_j - b_j)^2} instead at the entries of b. */
  private static double squared(DenseRows a, SparseRows b, int row) {
    int from = a.rowOffset(row);
    double sum = Kernels.squaredNorm(a.values(), from, a.columns());
    for (int p = b.start(row); p < b.end(row); p++) {
      double value = a.values()[from + b.indices()[p]];
      double difference = value - b.values()[p];
      sum += difference * difference - value * value;
    }
    return sum;
  }
}

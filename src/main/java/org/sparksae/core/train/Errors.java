package org.sparksae.core.train;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;

/** Distances of rows from their reconstructions. */
public final class Errors {
  private Errors() {}

  /**
   * {@code sum over i of weight_i |a_i - b_i|^2}, in double: a and b [n, d]; null weights are 1.
   */
  public static double squared(DenseRows a, DenseRows b, float[] weights) {
    double sum = 0;
    for (int i = 0; i < a.rows(); i++) {
      sum += (weights == null ? 1.0 : weights[i]) * squared(a, b, i);
    }
    return sum;
  }

  /** {@code |a_i - b_i|^2} of one row, in double. */
  public static double squared(DenseRows a, DenseRows b, int row) {
    return Kernels.squaredDistance(
        a.values(), a.rowOffset(row), b.values(), b.rowOffset(row), a.columns());
  }
}

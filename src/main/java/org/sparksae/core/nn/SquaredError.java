package org.sparksae.core.nn;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;

/** The loss {@code 1/2 |x_hat - x|^2} of each row. */
final class SquaredError implements OutputLoss {

  @Override
  public double gradient(
      DenseRows reconstruction, Rows target, float[] rowWeights, DenseRows delta) {
    subtract(reconstruction, target, delta);
    double squares = squaredNorm(delta, rowWeights);
    Kernels.scaleRows(delta, rowWeights);
    return 0.5 * squares;
  }

  @Override
  public double value(DenseRows reconstruction, Rows target, float[] rowWeights) {
    return 0.5 * Errors.squared(reconstruction, target, rowWeights);
  }

  /** Computes {@code out = a - x}. */
  private static void subtract(DenseRows a, Rows x, DenseRows out) {
    if (x instanceof DenseRows dense) {
      Kernels.subtract(a, dense, out);
      return;
    }
    int length = a.rows() * a.columns();
    System.arraycopy(a.values(), a.offset(), out.values(), out.offset(), length);
    ((SparseRows) x).subtractFrom(out);
  }

  private static double squaredNorm(DenseRows rows, float[] weights) {
    double sum = 0;
    for (int i = 0; i < rows.rows(); i++) {
      double norm = Kernels.squaredNorm(rows.values(), rows.rowOffset(i), rows.columns());
      sum += weights == null ? norm : weights[i] * norm;
    }
    return sum;
  }
}

package org.sparksae.core.nn;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;

/** The loss {@code 1/2 |x_hat - x|^2} of each row. */
final class SquaredError implements OutputLoss {

  @Override
  public double gradient(
      DenseRows reconstruction, Rows target, float[] rowWeights, DenseRows delta, double before) {
    subtract(reconstruction, target, delta);
    double sum = before;
    for (int i = 0; i < delta.rows(); i++) {
      double norm = Kernels.squaredNorm(delta.values(), delta.rowOffset(i), delta.columns());
      sum += 0.5 * (rowWeights == null ? norm : rowWeights[i] * norm);
    }
    Kernels.scaleRows(delta, rowWeights);
    return sum;
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
}

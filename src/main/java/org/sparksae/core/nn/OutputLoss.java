package org.sparksae.core.nn;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;

/** The loss of the reconstruction of a batch. */
interface OutputLoss {

  /**
   * Computes the loss of a tile and its gradient.
   *
   * @param reconstruction x_hat, [n, d]
   * @param target the rows to reconstruct, [n, d]
   * @param rowWeights weight of each row, or null for 1
   * @param delta receives {@code dJ/dx_hat}, [n, d]
   * @param before the weighted sum of the losses of the rows before
   * @return the weighted sum of the losses of the rows so far, in their order
   */
  double gradient(
      DenseRows reconstruction, Rows target, float[] rowWeights, DenseRows delta, double before);

  /** Computes only the loss of some rows. */
  double value(DenseRows reconstruction, Rows target, float[] rowWeights);
}

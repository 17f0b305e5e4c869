package org.sparksae.core.nn;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;

/** What the reconstruction of a batch costs. */
interface OutputLoss {

  /**
   * The loss of a tile, and its gradient.
   *
   * @param reconstruction x_hat, [n, d]
   * @param target what is to be reconstructed, [n, d]
   * @param rowWeights weight of each row, or null for 1
   * @param delta gets {@code dJ/dx_hat}, [n, d]
   * @return the sum over the rows of their weighted losses
   */
  double gradient(DenseRows reconstruction, Rows target, float[] rowWeights, DenseRows delta);

  /** The loss of some rows alone. */
  double value(DenseRows reconstruction, Rows target, float[] rowWeights);
}

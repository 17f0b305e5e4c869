package org.sparksae.core.nn;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.nn.code.SparseGradient;

/**
 * The reconstructions of some rows from several codes, each of which contains the one before, and
 * their losses, which are added up: {@link org.sparksae.core.model.CodeLoss}. The errors take the
 * place of the reconstructions.
 */
interface NestedReconstructions {

  /** Reconstructs from all codes, and returns the reconstruction that counts as the model's. */
  DenseRows decode(float[] parameters, SparseRows code);

  /**
   * Returns the weighted sum of the losses of the reconstructions.
   *
   * @param rowWeights weight of each row, or null for 1
   */
  double value(Rows target, float[] rowWeights);

  /**
   * Replaces the reconstructions of rows {@code from} to {@code to} by the deltas of what each code
   * has beside the one before.
   *
   * @param rowWeights weights of these rows, or null for 1
   * @return the weighted sum of the losses
   */
  double deltas(Rows target, float[] rowWeights, int from, int to);

  /** Returns the delta of the decoder's bias, after {@link #deltas}. */
  DenseRows biasDelta();

  /** Computes the gradient around the codes, after {@link #deltas}. */
  void backward(BackwardCall call, SparseRows code, SparseGradient gradient);
}

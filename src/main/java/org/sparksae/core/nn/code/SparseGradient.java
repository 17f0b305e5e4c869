package org.sparksae.core.nn.code;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;

/** The gradient around a sparse code, at the cost of its entries. */
public interface SparseGradient {

  /**
   * The gradients of the encoder's and the decoder's weights and of the encoder's bias.
   *
   * @param x the encoder layer's input, [n, in]
   * @param code its code, [n, units]
   * @param delta dJ/dz of the decoder layer, [n, out]
   * @param gradient the flat gradient
   * @param accumulate whether to add to it, or to write it
   */
  void backward(
      float[] parameters,
      Rows x,
      SparseRows code,
      DenseRows delta,
      float[] gradient,
      boolean accumulate);

  /**
   * dJ/dx of the encoder layer for rows {@code from} to {@code to}, after {@link #backward}: a
   * tile, [to - from, in], as a member.
   */
  void mapBack(
      float[] parameters, SparseRows code, int from, int to, DenseRows inputDelta, int member);
}

package org.sparksae.core.nn.code;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;

/** The gradient around a sparse code. Its cost is proportional to the entries of the code. */
public interface SparseGradient {

  /**
   * Computes the gradients of the encoder's and the decoder's weights and of the encoder's bias.
   *
   * @param x the encoder layer's input, [n, in]
   * @param code the code, [n, latents]
   * @param delta dJ/dz of the decoder layer, [n, out]
   * @param gradient the flat gradient
   * @param accumulate whether to add to the gradient instead of replacing it
   */
  void backward(
      float[] parameters,
      Rows x,
      SparseRows code,
      DenseRows delta,
      float[] gradient,
      boolean accumulate);

  /**
   * Computes the same for some latents only, {@code first} to {@code end}.
   *
   * @throws IllegalArgumentException if the latents are maps
   */
  default void backward(
      float[] parameters,
      Rows x,
      SparseRows code,
      DenseRows delta,
      float[] gradient,
      boolean accumulate,
      int first,
      int end) {
    throw new IllegalArgumentException("the gradient of maps is that of all of them");
  }

  /** Completes the gradient of a pass, after all layers have written theirs. */
  default void endPass(float[] gradient) {}

  /**
   * Computes, as a member of the team, dJ/dx of the encoder layer for rows {@code from} to {@code
   * to}: a tile, [to - from, in]. Call it after {@link #backward}.
   */
  void mapBack(
      float[] parameters, SparseRows code, int from, int to, DenseRows inputDelta, int member);
}

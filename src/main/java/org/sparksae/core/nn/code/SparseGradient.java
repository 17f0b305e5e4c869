package org.sparksae.core.nn.code;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.nn.layer.ConvolutionLayer;
import org.sparksae.core.nn.layer.DenseLayer;
import org.sparksae.core.nn.layer.Layer;

/** The gradient around a sparse code, at the cost of its entries. */
public interface SparseGradient {

  /** The gradient around a sparse code that {@code encoder} makes and {@code decoder} takes. */
  static SparseGradient between(Layer encoder, Layer decoder, Team team) {
    return encoder instanceof DenseLayer dense
        ? new SparseCodeGradient(dense, decoder, team)
        : new SparseMapsGradient((ConvolutionLayer) encoder, (ConvolutionLayer) decoder, team);
  }

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

package org.sparksae.core.nn.code;

import org.sparksae.core.linalg.Team;
import org.sparksae.core.nn.layer.ConvolutionLayer;
import org.sparksae.core.nn.layer.DenseLayer;
import org.sparksae.core.nn.layer.Layer;

/** Chooses the class that computes the gradient around a sparse code. */
final class SparseGradients {
  private SparseGradients() {}

  /**
   * Returns the gradient around a sparse code that {@code encoder} computes and {@code decoder}
   * takes.
   */
  static SparseGradient between(Layer encoder, Layer decoder, Team team) {
    return encoder instanceof DenseLayer dense
        ? new SparseCodeGradient(dense, decoder, team)
        : new SparseMapsGradient((ConvolutionLayer) encoder, (ConvolutionLayer) decoder, team);
  }
}

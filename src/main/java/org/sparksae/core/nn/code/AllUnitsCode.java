package org.sparksae.core.nn.code;

import org.sparksae.core.linalg.Rows;
import org.sparksae.core.nn.layer.Layer;
import org.sparksae.core.nn.layer.LayerForward;

/** The code of {@link org.sparksae.core.model.AllUnits}: all activations of the layer. */
final class AllUnitsCode implements CodeMaker {
  private final LayerForward forward;

  AllUnitsCode(LayerForward forward) {
    this.forward = forward;
  }

  @Override
  public Rows encode(float[] parameters, Rows input) {
    return forward.apply(parameters, input);
  }

  @Override
  public SparseGradient gradient(Layer decoder) {
    return null;
  }
}

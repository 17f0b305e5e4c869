package org.sparksae.core.nn;

import java.util.ArrayList;
import java.util.List;
import org.sparksae.core.linalg.ParameterLayout;
import org.sparksae.core.linalg.ParameterLayout.Tensor;

/**
 * A spec's layers, each bound to its place in the flat parameter array.
 *
 * @param encoder layers inwards
 * @param decoder layers outwards
 * @param layout where the parameters lie
 */
record Layers(List<DenseLayer> encoder, List<DenseLayer> decoder, ParameterLayout layout) {

  static Layers of(AutoencoderSpec spec) {
    ParameterLayout layout = new ParameterLayout();
    List<DenseLayer> encoder = new ArrayList<>();
    List<Tensor> encoderWeights = new ArrayList<>();
    for (int k = 1; k <= spec.depth(); k++) {
      String name = "encoder." + (k - 1);
      Tensor weight = layout.matrix(name + ".weight", spec.size(k), spec.size(k - 1));
      Tensor bias = layout.vector(name + ".bias", spec.size(k));
      encoderWeights.add(weight);
      encoder.add(new DenseLayer(weight, false, bias, spec.activation(k)));
    }
    List<DenseLayer> decoder = new ArrayList<>();
    for (int k = spec.depth(); k >= 1; k--) {
      String name = "decoder." + (k - 1);
      boolean tied = spec.tiedWeights();
      // A sparse code picks units: their weights are read whole, so each unit's lie together.
      boolean byUnit = tied || spec.hiddenLayers().get(k - 1).isDecodedByUnit();
      int[] shape = byUnit ? new int[] {k, k - 1} : new int[] {k - 1, k};
      Tensor weight =
          tied
              ? encoderWeights.get(k - 1)
              : layout.matrix(name + ".weight", spec.size(shape[0]), spec.size(shape[1]));
      Tensor bias = layout.vector(name + ".bias", spec.size(k - 1));
      decoder.add(new DenseLayer(weight, byUnit, bias, spec.activation(k - 1)));
    }
    return new Layers(List.copyOf(encoder), List.copyOf(decoder), layout);
  }
}

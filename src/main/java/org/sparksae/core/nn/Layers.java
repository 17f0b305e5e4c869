package org.sparksae.core.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.sparksae.core.linalg.ParameterLayout;
import org.sparksae.core.linalg.ParameterLayout.Tensor;

/**
 * A spec's layers, each bound to its place in the flat parameter array.
 *
 * @param encoder layers inwards
 * @param decoder layers outwards
 * @param layout where the parameters lie
 */
record Layers(List<Layer> encoder, List<Layer> decoder, ParameterLayout layout) {

  static Layers of(AutoencoderSpec spec) {
    ParameterLayout layout = new ParameterLayout();
    List<Layer> encoder = new ArrayList<>();
    for (int k = 1; k <= spec.depth(); k++) {
      LayerKind kind = LayerKind.of(spec.hiddenLayers().get(k - 1));
      encoder.add(kind.encoder(layout, "encoder." + (k - 1), spec, k));
    }
    List<Layer> decoder = new ArrayList<>();
    for (int k = spec.depth(); k >= 1; k--) {
      LayerKind kind = LayerKind.of(spec.hiddenLayers().get(k - 1));
      decoder.add(kind.decoder(layout, "decoder." + (k - 1), spec, k, encoder.get(k - 1).weight()));
    }
    return new Layers(List.copyOf(encoder), List.copyOf(decoder), layout);
  }

  /** {@code n_in + n_out} of a layer's weights; of a shared matrix the encoder's. */
  int fans(Tensor weight) {
    return Stream.concat(encoder.stream(), decoder.stream())
        .filter(layer -> layer.weight().equals(weight))
        .findFirst()
        .orElseThrow()
        .fans();
  }
}

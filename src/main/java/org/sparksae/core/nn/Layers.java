package org.sparksae.core.nn;

import java.util.ArrayList;
import java.util.List;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.ParameterLayout;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.nn.layer.ConvolutionLayer;
import org.sparksae.core.nn.layer.DenseLayer;
import org.sparksae.core.nn.layer.DenseProducts;
import org.sparksae.core.nn.layer.Layer;
import org.sparksae.core.nn.layer.LayerForward;
import org.sparksae.core.nn.layer.Products;

/**
 * The layers of a spec, each bound to its place in the flat parameter array.
 *
 * @param encoder the encoder's layers, inwards
 * @param decoder the decoder's layers, outwards
 */
record Layers(List<Layer> encoder, List<Layer> decoder) {

  static Layers of(AutoencoderSpec spec) {
    List<Layer> encoder = new ArrayList<>();
    for (int k = 1; k <= spec.depth(); k++) {
      encoder.add(encoder(spec, k));
    }
    List<Layer> decoder = new ArrayList<>();
    for (int k = spec.depth(); k >= 1; k--) {
      decoder.add(decoder(spec, k, encoder.get(k - 1)));
    }
    return new Layers(List.copyOf(encoder), List.copyOf(decoder));
  }

  /** Returns the chunk of rows that a member of a team takes at a time. */
  static int rowGrain(AutoencoderSpec spec) {
    return spec.isConvolutional() ? 1 : LayerForward.ROW_GRAIN;
  }

  /** Returns all layers, in forward order. */
  List<Layer> all() {
    List<Layer> all = new ArrayList<>(encoder);
    all.addAll(decoder);
    return List.copyOf(all);
  }

  private static Layer encoder(AutoencoderSpec spec, int k) {
    HiddenLayer layer = spec.hiddenLayers().get(k - 1);
    Tensor weight = spec.layout().tensor(ParameterLayout.encoderWeight(k));
    Tensor bias = spec.layout().tensor(ParameterLayout.encoderBias(k));
    if (spec.preBias()) {
      Tensor offset = spec.layout().tensor(spec.preBiasTensor());
      Products products = DenseProducts.of(spec.precision(), weight);
      return DenseLayer.after(offset, products, bias, layer.activation());
    }
    return layer.convolution() == null
        ? new DenseLayer(
            DenseProducts.of(spec.precision(), weight), false, bias, layer.activation())
        : new ConvolutionLayer(layer.convolution(), false, weight, bias, layer.activation());
  }

  private static Layer decoder(AutoencoderSpec spec, int k, Layer encoder) {
    HiddenLayer layer = spec.hiddenLayers().get(k - 1);
    boolean tied = spec.tiedWeights();
    Tensor weight =
        tied ? encoder.weight() : spec.layout().tensor(ParameterLayout.decoderWeight(k));
    Tensor bias = spec.layout().tensor(ParameterLayout.decoderBias(k));
    Activation activation = spec.activation(k - 1);
    if (layer.convolution() != null) {
      return new ConvolutionLayer(layer.convolution(), true, weight, bias, activation);
    }
    Products products =
        tied ? ((DenseLayer) encoder).products() : DenseProducts.of(spec.precision(), weight);
    return new DenseLayer(products, tied || layer.form().isDecodedByUnit(), bias, activation);
  }
}

package org.sparksae.core.nn;

import org.sparksae.core.linalg.ParameterLayout;
import org.sparksae.core.linalg.ParameterLayout.Tensor;

/** The kinds of layers: which parameters they have, and what computes them. */
enum LayerKind {
  /** Every unit takes all values: weights [out, in]. */
  DENSE {
    @Override
    Layer encoder(ParameterLayout layout, String name, AutoencoderSpec spec, int k) {
      Tensor weight = layout.matrix(name + ".weight", spec.size(k), spec.size(k - 1));
      Tensor bias = layout.vector(name + ".bias", spec.size(k));
      return new DenseLayer(weight, false, bias, spec.activation(k));
    }

    @Override
    Layer decoder(
        ParameterLayout layout, String name, AutoencoderSpec spec, int k, Tensor encoderWeight) {
      boolean tied = spec.tiedWeights();
      // A sparse code picks units: their weights are read whole, so each unit's lie together.
      boolean byUnit = tied || spec.hiddenLayers().get(k - 1).isDecodedByUnit();
      int[] shape = byUnit ? new int[] {k, k - 1} : new int[] {k - 1, k};
      Tensor weight =
          tied
              ? encoderWeight
              : layout.matrix(name + ".weight", spec.size(shape[0]), spec.size(shape[1]));
      Tensor bias = layout.vector(name + ".bias", spec.size(k - 1));
      return new DenseLayer(weight, byUnit, bias, spec.activation(k - 1));
    }
  },

  /** Every window of an image shares the weights [filters, channels K^2]; a bias for each map. */
  CONVOLUTION {
    @Override
    Layer encoder(ParameterLayout layout, String name, AutoencoderSpec spec, int k) {
      Convolution convolution = spec.hiddenLayers().get(k - 1).convolution();
      Tensor weight = weight(layout, name, convolution);
      Tensor bias = layout.vector(name + ".bias", convolution.filters());
      return new ConvolutionLayer(convolution, false, weight, bias, spec.activation(k));
    }

    @Override
    Layer decoder(
        ParameterLayout layout, String name, AutoencoderSpec spec, int k, Tensor encoderWeight) {
      Convolution convolution = spec.hiddenLayers().get(k - 1).convolution();
      Tensor weight = spec.tiedWeights() ? encoderWeight : weight(layout, name, convolution);
      Tensor bias = layout.vector(name + ".bias", convolution.input().channels());
      return new ConvolutionLayer(convolution, true, weight, bias, spec.activation(k - 1));
    }

    private static Tensor weight(ParameterLayout layout, String name, Convolution convolution) {
      return layout.matrix(name + ".weight", convolution.filters(), convolution.windowSize());
    }
  };

  static LayerKind of(HiddenLayer layer) {
    return layer.convolution() == null ? DENSE : CONVOLUTION;
  }

  /** The encoder's layer k, from 1, whose parameters are appended to the layout. */
  abstract Layer encoder(ParameterLayout layout, String name, AutoencoderSpec spec, int k);

  /**
   * The decoder's layer that takes h_k, whose parameters are appended to the layout.
   *
   * @param encoderWeight the encoder's layer k's, used if weights are tied
   */
  abstract Layer decoder(
      ParameterLayout layout, String name, AutoencoderSpec spec, int k, Tensor encoderWeight);
}

package org.sparksae.core.nn;

import java.util.Arrays;
import org.sparksae.core.Text;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Gemm;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.nn.layer.DenseLayer;

/**
 * Expresses each unit of a hidden layer in the input space, as one row [d]: the encoder's filter is
 * the input that excites the unit, the decoder's filter is the unit's contribution to the
 * reconstruction. Activations and biases are left out, so for deeper layers the filters are only
 * the linear part:
 *
 * <pre>
 * encoder: F_k = W_k W_(k-1) .. W_1              the gradient of z_k by x if all activations were linear
 * decoder: G_k = (D_1 D_2 .. D_k)'               D_i [size(i-1), size(i)] reconstructs h_(i-1) from h_i
 * </pre>
 *
 * <p>With tied weights D_i is W_i', and the two are equal.
 *
 * <p>Sources for deeper layers: Lee, Ekanadham and Ng, Sparse deep belief net model for visual area
 * V2 (2008), and Erhan et al., Visualizing Higher-Layer Features of a Deep Network (2009), 2.3, who
 * combine the filters of the layer below by a unit's weights.
 */
public final class LayerFilters {
  private LayerFilters() {}

  /**
   * Returns the input that excites each unit of a layer: F_k, [units, d], row-major.
   *
   * @param parameters flat parameters, as {@link AutoencoderSpec#layout()} arranges them
   * @param layer k, from 1 (next to the input) to the depth of the model
   * @throws IllegalArgumentException if there is no such layer, or the model is convolutional
   */
  public static float[] encoder(AutoencoderSpec spec, float[] parameters, int layer) {
    checkLayer(spec, layer);
    Layers layers = Layers.of(spec);
    float[] filters = copyOf(parameters, layers.encoder().get(0).weight());
    for (int k = 2; k <= layer; k++) {
      filters = combined(view(parameters, layers.encoder().get(k - 1).weight()), filters, spec, k);
    }
    return filters;
  }

  /**
   * Returns the contribution of each unit of a layer to the reconstruction: G_k, [units, d],
   * row-major.
   *
   * @param parameters flat parameters, as {@link AutoencoderSpec#layout()} arranges them
   * @param layer k, from 1 (next to the input) to the depth of the model
   * @throws IllegalArgumentException if there is no such layer, or the model is convolutional
   */
  public static float[] decoder(AutoencoderSpec spec, float[] parameters, int layer) {
    checkLayer(spec, layer);
    float[] filters = byUnit(spec, parameters, 1).values();
    for (int k = 2; k <= layer; k++) {
      filters = combined(byUnit(spec, parameters, k), filters, spec, k);
    }
    return filters;
  }

  /** Returns a copy of W of the first convolution, [filters, channels K^2], row-major. */
  public static float[] encoderKernels(AutoencoderSpec spec, float[] parameters) {
    return copyOf(parameters, Layers.of(spec).encoder().get(0).weight());
  }

  /**
   * Returns a copy of V, which reconstructs from the maps of the first convolution, in the shape of
   * W. With tied weights V is W.
   */
  public static float[] decoderKernels(AutoencoderSpec spec, float[] parameters) {
    return copyOf(parameters, Layers.of(spec).decoder().get(spec.depth() - 1).weight());
  }

  private static void checkLayer(AutoencoderSpec spec, int layer) {
    if (layer < 1 || layer > spec.depth()) {
      throw new IllegalArgumentException(
          Text.format("the layer must be in [1, %d], got %d", spec.depth(), layer));
    }
    if (spec.isConvolutional()) {
      throw new IllegalArgumentException(
          "only fully connected layers have filters as large as the input; those of a convolution are"
              + " its weights: encoderKernels, decoderKernels");
    }
  }

  /**
   * Returns the filters of layer k: the combinations, by weights [size(k), size(k-1)], of the
   * filters below, [size(k-1), d].
   */
  private static float[] combined(DenseRows weights, float[] below, AutoencoderSpec spec, int k) {
    DenseRows filters = DenseRows.zeros(spec.size(k), spec.inputSize());
    Gemm.times(weights, below, 0, filters);
    return filters.values();
  }

  /** Returns a copy of D_k', [size(k), size(k-1)]. */
  private static DenseRows byUnit(AutoencoderSpec spec, float[] parameters, int k) {
    DenseLayer layer = (DenseLayer) Layers.of(spec).decoder().get(spec.depth() - k);
    float[] weights = copyOf(parameters, layer.weight());
    int units = spec.size(k);
    int outputs = layer.outputSize();
    return DenseRows.of(
        layer.isTransposed() ? weights : transposed(weights, outputs, units), units, outputs);
  }

  private static float[] transposed(float[] matrix, int rows, int columns) {
    float[] result = new float[matrix.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        result[j * rows + i] = matrix[i * columns + j];
      }
    }
    return result;
  }

  private static DenseRows view(float[] parameters, Tensor weight) {
    return new DenseRows(parameters, weight.offset(), weight.rows(), weight.columns());
  }

  private static float[] copyOf(float[] parameters, Tensor weight) {
    return Arrays.copyOfRange(parameters, weight.offset(), weight.offset() + weight.size());
  }
}

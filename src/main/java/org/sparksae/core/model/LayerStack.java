package org.sparksae.core.model;

import java.util.List;
import org.sparksae.core.model.ParameterLayout.Tensor;

/**
 * Splits the parameters of a deep autoencoder into those of its layers ({@link
 * AutoencoderSpec#layer}), and joins them again.
 *
 * <pre>
 * deep:    encoder.0 .. encoder.(K-1), decoder.(K-1) .. decoder.0
 * layer k: encoder.(k-1) and decoder.(k-1), as its own encoder.0 and decoder.0
 * </pre>
 *
 * <p>Every tensor of a layer is a tensor of the deep model, with the same shape, so values are only
 * copied.
 *
 * <p>Source: Hinton and Salakhutdinov, Reducing the Dimensionality of Data with Neural Networks
 * (2006), who unroll a stack of layers this way.
 */
public final class LayerStack {
  private LayerStack() {}

  /**
   * Returns a copy of the parameters of one layer.
   *
   * @param spec the deep model
   * @param parameters its flat parameters
   * @param k the layer, from 1 to the depth of the model
   */
  public static float[] layer(AutoencoderSpec spec, float[] parameters, int k) {
    float[] layer = new float[spec.layer(k).layout().size()];
    for (Tensor own : spec.layer(k).layout().tensors()) {
      System.arraycopy(parameters, inDeep(spec, own, k).offset(), layer, own.offset(), own.size());
    }
    return layer;
  }

  /**
   * Returns the parameters of a deep model, given those of its layers.
   *
   * @param spec the deep model
   * @param layers the flat parameters of layers 1 to K
   */
  public static float[] stack(AutoencoderSpec spec, List<float[]> layers) {
    float[] parameters = new float[spec.layout().size()];
    for (int k = 1; k <= spec.depth(); k++) {
      float[] layer = layers.get(k - 1);
      for (Tensor own : spec.layer(k).layout().tensors()) {
        System.arraycopy(
            layer, own.offset(), parameters, inDeep(spec, own, k).offset(), own.size());
      }
    }
    return parameters;
  }

  private static Tensor inDeep(AutoencoderSpec spec, Tensor own, int k) {
    return spec.layout().tensor(own.name().replace(".0.", "." + (k - 1) + "."));
  }
}

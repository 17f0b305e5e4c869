package org.sparksae.core.model;

import org.sparksae.core.model.ParameterLayout.Tensor;

/**
 * The parameters of a model of scaled rows s x, and those of the same model of the rows x.
 *
 * <pre>
 * h(s x) = s h'(x),   x_hat(s x) = s x_hat'(x)
 * b' = b / s for biases and thresholds of all layers;   weights stay
 * </pre>
 *
 * <p>This holds if f(s z) = s f(z) for each activation f and each s above 0 ({@link
 * Activation#isHomogeneous}), whichever activations a code selects. So the encoder keeps its
 * weights, the decoder its vectors and their lengths, and codes are in the units of the rows.
 */
public final class InputScaling {
  private InputScaling() {}

  /**
   * Returns the parameters of the model of the rows x.
   *
   * @param parameters those of a model of s x, [p]; returned themselves if s is 1
   * @param scale s, above 0
   */
  public static float[] ofRows(AutoencoderSpec spec, float[] parameters, float scale) {
    return scale == 1 ? parameters : withFactor(spec, parameters, 1.0 / scale);
  }

  /**
   * Returns the parameters of the model of the scaled rows s x: the inverse of {@link #ofRows}, but
   * for rounding.
   *
   * @param parameters those of a model of x, [p]; returned themselves if s is 1
   * @param scale s, above 0
   */
  public static float[] ofScaledRows(AutoencoderSpec spec, float[] parameters, float scale) {
    return scale == 1 ? parameters : withFactor(spec, parameters, scale);
  }

  private static float[] withFactor(AutoencoderSpec spec, float[] parameters, double factor) {
    float[] scaled = parameters.clone();
    for (Tensor tensor : spec.layout().tensors()) {
      if (tensor.role().isInUnitsOfRows()) {
        for (int i = tensor.offset(); i < tensor.end(); i++) {
          scaled[i] = (float) (factor * scaled[i]);
        }
      }
    }
    return scaled;
  }
}

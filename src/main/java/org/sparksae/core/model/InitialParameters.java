package org.sparksae.core.model;

import java.util.SplittableRandom;
import org.sparksae.core.model.ParameterLayout.Tensor;

/**
 * Draws the initial parameters of a training that is given none.
 *
 * <pre>
 * weights ~ U(-r, r),  r = sqrt(6 / (n_in + n_out + 1));   biases 0
 * </pre>
 *
 * <p>Decoder vectors that must have length 1 then get it.
 *
 * <p>Source: Ng, Sparse autoencoder (2011). In a convolution n_in counts the pixels of a window,
 * and n_out the windows of all maps that contain a pixel: Glorot and Bengio, Understanding the
 * difficulty of training deep feedforward neural networks (2010).
 */
public final class InitialParameters {
  private InitialParameters() {}

  /**
   * Draws the parameters.
   *
   * @return flat parameters, as {@link AutoencoderSpec#layout()} arranges them
   */
  public static float[] of(AutoencoderSpec spec, long seed) {
    float[] parameters = new float[spec.layout().size()];
    SplittableRandom seeds = new SplittableRandom(seed);
    for (Tensor tensor : spec.layout().tensors()) {
      if (tensor.role().isRandom()) {
        SplittableRandom random = seeds.split();
        double r = Math.sqrt(6.0 / (tensor.fans() + 1));
        for (int i = tensor.offset(); i < tensor.end(); i++) {
          parameters[i] = (float) ((2 * random.nextDouble() - 1) * r);
        }
      }
    }
    UnitVectors.normaliseAll(spec.layout(), parameters);
    return parameters;
  }
}

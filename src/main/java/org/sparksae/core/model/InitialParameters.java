package org.sparksae.core.model;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.ParameterLayout.Tensor;

/**
 * Draws the initial parameters of a training that is given none.
 *
 * <pre>
 * weights ~ U(-r, r),  r = sqrt(6 / (n_in + n_out + 1));   biases 0;   thresholds as the code says
 * </pre>
 *
 * <p>Decoder vectors that must have length 1 then get it.
 *
 * <p>Or the decoder vectors are drawn so, get the same length, and the encoder is the decoder's
 * transpose, as is usual for sparse codes of many latents: each latent then looks for what it adds.
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
    startThresholds(spec, parameters);
    return parameters;
  }

  private static void startThresholds(AutoencoderSpec spec, float[] parameters) {
    for (Tensor tensor : spec.layout().tensors()) {
      if (tensor.role() == TensorRole.THRESHOLD) {
        float start = (float) spec.code().form().startThreshold();
        Arrays.fill(parameters, tensor.offset(), tensor.end(), start);
      }
    }
  }

  /**
   * Draws decoder vectors, and makes each layer of the encoder the transpose of the decoder's.
   *
   * @param decoderNorm length of the decoder vectors
   * @return flat parameters, as {@link AutoencoderSpec#layout()} arranges them
   */
  public static float[] tied(AutoencoderSpec spec, long seed, double decoderNorm) {
    float[] parameters = of(spec, seed);
    for (int k = 1; k <= spec.depth(); k++) {
      Tensor encoder = spec.layout().tensor(ParameterLayout.encoderWeight(k));
      UnitVectors vectors = UnitVectors.all(encoder, true, Team.SOLO);
      vectors.setLengths(parameters, vectors.squares(parameters), decoderNorm);
      if (!spec.tiedWeights()) {
        HiddenLayer layer = spec.hiddenLayers().get(k - 1);
        boolean byUnit = layer.convolution() != null || layer.form().isDecodedByUnit();
        copy(parameters, encoder, spec.layout().tensor(ParameterLayout.decoderWeight(k)), byUnit);
      }
    }
    return parameters;
  }

  /** Copies an encoder's matrix, which is arranged unit by unit, to a decoder. */
  private static void copy(float[] parameters, Tensor encoder, Tensor decoder, boolean byUnit) {
    for (int unit = 0; unit < encoder.rows(); unit++) {
      for (int i = 0; i < encoder.columns(); i++) {
        float value = parameters[encoder.offset() + unit * encoder.columns() + i];
        int at = byUnit ? unit * decoder.columns() + i : i * decoder.columns() + unit;
        parameters[decoder.offset() + at] = value;
      }
    }
  }
}

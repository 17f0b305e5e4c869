package org.sparksae.core.stats;

import java.io.Serializable;
import org.sparksae.core.model.AutoencoderSpec;

/**
 * What is looked at when a trained model is measured: the code that it gives of a row, which need
 * not be the one that it trained with.
 *
 * @param encoder the model that makes the code
 * @param decoder the model that makes the reconstruction; another one where that is made from fewer
 *     values than the code has
 * @param layer the hidden layer whose code is given, from 1
 * @param activationThreshold activations of smaller magnitude are 0; the reconstruction is made
 *     from all of them
 */
public record MeasuredCode(
    AutoencoderSpec encoder, AutoencoderSpec decoder, int layer, double activationThreshold)
    implements Serializable {

  /** The last layer's code, in the form of training. */
  public static MeasuredCode of(AutoencoderSpec spec, double activationThreshold) {
    return new MeasuredCode(spec, spec, spec.depth(), activationThreshold);
  }

  boolean decodesItsCode() {
    return encoder.equals(decoder);
  }
}

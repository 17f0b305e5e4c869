package org.sparksae.core.stats;

import java.io.Serializable;
import java.util.List;
import org.sparksae.core.model.AutoencoderSpec;

/**
 * The code that statistics are computed from. It may differ from the code in training.
 *
 * @param encoder computes the code
 * @param decoder computes the reconstruction; it differs from the encoder if the reconstruction
 *     uses fewer values than the code has
 * @param layer hidden layer of the code, from 1
 * @param activationThreshold activations of smaller magnitude count as 0 in the code; the
 *     reconstruction uses them
 * @param widths nested widths, whose prefixes of the code reconstruct the rows, too, and of which
 *     the last is all units; empty for none
 */
public record MeasuredCode(
    AutoencoderSpec encoder,
    AutoencoderSpec decoder,
    int layer,
    double activationThreshold,
    List<Integer> widths)
    implements Serializable {

  /** The last layer's code, as in training. */
  public static MeasuredCode of(AutoencoderSpec spec, double activationThreshold) {
    List<Integer> widths = spec.code().form().loss().widths();
    return new MeasuredCode(spec, spec, spec.depth(), activationThreshold, widths);
  }

  boolean decodesItsCode() {
    return encoder.equals(decoder);
  }
}

package org.sparksae.core.train;

import java.util.Arrays;
import java.util.List;
import org.sparksae.core.model.AutoencoderSpec;

/**
 * The result of a training loop.
 *
 * @param parameters flat parameters
 * @param history every iteration, in order
 * @param stopReason why training ended
 * @param activity how active the units of the code were
 * @param threshold the threshold with which the model encodes; 0 if its code needs none
 */
public record TrainingResult(
    float[] parameters,
    List<IterationRecord> history,
    StopReason stopReason,
    UnitActivity activity,
    double threshold) {

  /** Returns the parameters of {@link AutoencoderSpec#trained}, whose thresholds come last. */
  public float[] trainedParameters(AutoencoderSpec spec) {
    int size = spec.trained().layout().size();
    if (size == parameters.length) {
      return parameters;
    }
    float[] all = Arrays.copyOf(parameters, size);
    Arrays.fill(all, parameters.length, size, (float) threshold);
    return all;
  }
}

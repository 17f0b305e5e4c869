package org.sparksae.spark.ml.fit;

import java.util.Map;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.ParameterLayout;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.PreBias;
import org.sparksae.core.model.WeightStart;
import org.sparksae.core.rows.PartitionSum;
import org.sparksae.core.stats.Centre;
import org.sparksae.spark.ml.param.AutoencoderParams;

/**
 * Where a training starts that is given no parameters.
 *
 * @param spec the model of its stage
 * @param weights how weights are drawn
 * @param decoderNorm length of the decoder vectors of {@link WeightStart#TIED}
 * @param preBias where the decoder's bias starts
 */
record StartingPoint(
    AutoencoderSpec spec, WeightStart weights, double decoderNorm, PreBias preBias) {

  static StartingPoint of(AutoencoderParams params, AutoencoderSpec spec) {
    return new StartingPoint(
        spec,
        WeightStart.parse("initMode", params.getInitMode()),
        params.getInitDecoderNorm(),
        PreBias.parse("preBias", params.getPreBias()));
  }

  /** Draws the weights; the biases are 0. */
  float[] draw(long seed) {
    return weights == WeightStart.TIED
        ? InitialParameters.tied(spec, seed, decoderNorm)
        : InitialParameters.of(spec, seed);
  }

  /**
   * Moves the decoder's bias to the centre of the rows, as far as {@code preBias} asks for it.
   *
   * @param rows number of rows
   * @param seed chooses the rows of a median
   */
  void centre(float[] parameters, PartitionSum data, long rows, long seed) {
    int d = spec.inputSize();
    switch (preBias) {
      case MEAN -> put(Centre.mean(data, d), parameters);
      case GEOMETRIC_MEDIAN -> put(Centre.geometricMedian(data, d, rows, seed), parameters);
      case NONE, ZEROS -> {}
    }
  }

  private void put(double[] centre, float[] parameters) {
    Tensor bias = spec.layout().tensor(ParameterLayout.decoderBias(1));
    for (int j = 0; j < centre.length; j++) {
      parameters[bias.offset() + j] = (float) centre[j];
    }
  }

  /** Adds what differs from the start that there was before there was a choice. */
  void identify(Map<String, String> fields) {
    if (weights != WeightStart.GLOROT) {
      fields.put("initMode", weights.paramName());
      fields.put("initDecoderNorm", Double.toString(decoderNorm));
    }
    if (preBias != PreBias.NONE) {
      fields.put("preBias", preBias.paramName());
    }
  }
}

package org.sparksae.spark.ml.fit;

import java.util.Arrays;
import java.util.Map;
import org.sparksae.core.model.Activation;
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
 * @param preBias where the pre-bias starts
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
   * Moves the pre-bias to the centre of the inputs, as far as {@code preBias} asks for it, and the
   * decoder's bias of a transcoder to the mean of the targets.
   *
   * @param scale factor of the rows in the training
   * @param rows number of rows
   * @param seed chooses the rows of a median
   */
  void centre(float[] parameters, PartitionSum data, float scale, long rows, long seed) {
    boolean ofTarget = spec.target() != null && spec.outputActivation() == Activation.LINEAR;
    boolean ofInput = preBias == PreBias.MEAN;
    int size = spec.cut() + spec.outputSize();
    double[] means = ofTarget || ofInput ? Centre.mean(data, size) : new double[0];
    if (ofTarget) {
      double[] ofTargets = Arrays.copyOfRange(means, spec.cut(), size);
      put(ofTargets, ParameterLayout.decoderBias(1), scale, parameters);
    }
    if (ofInput) {
      put(Arrays.copyOf(means, spec.inputSize()), spec.preBiasTensor(), scale, parameters);
    }
    if (preBias == PreBias.GEOMETRIC_MEDIAN) {
      put(
          Centre.geometricMedian(data, spec.inputSize(), spec.cut(), rows, seed),
          spec.preBiasTensor(),
          scale,
          parameters);
    }
  }

  private void put(double[] centre, String name, float scale, float[] parameters) {
    Tensor bias = spec.layout().tensor(name);
    for (int j = 0; j < centre.length; j++) {
      parameters[bias.offset() + j] = (float) (scale * centre[j]);
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

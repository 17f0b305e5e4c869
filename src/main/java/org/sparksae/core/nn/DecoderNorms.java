package org.sparksae.core.nn;

import java.util.Arrays;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ParameterLayout;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.UnitVectors;

/**
 * The lengths of decoder vectors w_j, for hidden layers whose part of the objective depends on
 * them, and what this adds to the gradient of these vectors; for {@code decoderL1}:
 *
 * <pre>
 * S = sum over i of v_i sum over j of |h_ij| |w_j|;   dS/dw_j = (sum over i of v_i |h_ij|) w_j / |w_j|
 * </pre>
 *
 * <p>A vector of length 0 gets no gradient. For other layers nothing happens. Layers count from 1.
 */
final class DecoderNorms {
  private final Layer[] layers;

  /** The vectors of one layer, their lengths, and the activities of its units per member. */
  private static final class Layer {
    private final UnitVectors vectors;
    private final double[][] activities;
    private final double[] weighted;
    private float[] lengths;

    Layer(UnitVectors vectors, int members) {
      this.vectors = vectors;
      this.activities = new double[members][vectors.count()];
      this.weighted = new double[vectors.count()];
    }
  }

  DecoderNorms(AutoencoderSpec spec, Team team) {
    this.layers = new Layer[1 + spec.depth()];
    for (int k = 1; k <= spec.depth(); k++) {
      if (spec.hiddenLayers().get(k - 1).needsDecoderNorms()) {
        boolean tied = spec.tiedWeights();
        Tensor matrix =
            spec.layout()
                .tensor(tied ? ParameterLayout.encoderWeight(k) : ParameterLayout.decoderWeight(k));
        boolean byRows = tied || spec.hiddenLayers().get(k - 1).form().isDecodedByUnit();
        layers[k] = new Layer(UnitVectors.all(matrix, byRows, team), team.size());
      }
    }
  }

  void parametersChanged() {
    for (Layer layer : layers) {
      if (layer != null) {
        layer.lengths = null;
      }
    }
  }

  /**
   * Returns |w_j| of layer k, [units], computed once for the parameters; null if its part of the
   * objective does not need them. Members of a team may call it after {@link #begin}.
   */
  float[] of(float[] parameters, int k) {
    Layer layer = layers[k];
    if (layer != null && layer.lengths == null) {
      double[] squares = layer.vectors.squares(parameters);
      layer.lengths = new float[squares.length];
      for (int j = 0; j < squares.length; j++) {
        layer.lengths[j] = (float) Math.sqrt(squares[j]);
      }
    }
    return layer == null ? null : layer.lengths;
  }

  /** Begins a pass, without any activity. */
  void begin(float[] parameters) {
    for (int k = 1; k < layers.length; k++) {
      if (of(parameters, k) != null) {
        for (double[] sums : layers[k].activities) {
          Arrays.fill(sums, 0);
        }
        Arrays.fill(layers[k].weighted, 0);
      }
    }
  }

  /**
   * Adds the activities of a tile of layer k, as a member.
   *
   * @param rowWeights v, or null for 1
   */
  void add(int k, DenseRows h, float[] rowWeights, int member) {
    if (layers[k] == null) {
      return;
    }
    double[] sums = layers[k].activities[member];
    for (int i = 0; i < h.rows(); i++) {
      double weight = rowWeights == null ? 1 : rowWeights[i];
      int at = h.rowOffset(i);
      for (int j = 0; j < sums.length; j++) {
        sums[j] += weight * Math.abs(h.values()[at + j]);
      }
    }
  }

  /**
   * Adds the activity of a unit of layer k: the derivative of its row penalties with respect to
   * |w_j|.
   */
  void add(int k, int unit, double activity) {
    layers[k].activities[0][unit] += activity;
  }

  /** Adds the derivative of another term, weight included, with respect to |w_j|. */
  void addWeighted(int k, int unit, double slope) {
    layers[k].weighted[unit] += slope;
  }

  /** Adds the gradient of the vectors for all activities since {@link #begin}. */
  void end(AutoencoderSpec spec, float[] parameters, float[] gradient) {
    for (int k = 1; k < layers.length; k++) {
      if (layers[k] != null) {
        double weight = spec.hiddenLayers().get(k - 1).sparsity().weight();
        layers[k].vectors.subtract(factors(layers[k], weight), parameters, gradient);
      }
    }
  }

  /** The factors of the vectors in the negative gradient. */
  private static double[] factors(Layer layer, double weight) {
    double[] factors = new double[layer.lengths.length];
    for (int j = 0; j < factors.length; j++) {
      for (double[] sums : layer.activities) {
        factors[j] -= sums[j];
      }
      double slope = weight * factors[j] - layer.weighted[j];
      factors[j] = layer.lengths[j] == 0 ? 0 : slope / layer.lengths[j];
    }
    return factors;
  }
}

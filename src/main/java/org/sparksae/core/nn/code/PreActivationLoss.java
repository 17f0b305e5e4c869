package org.sparksae.core.nn.code;

import java.util.Arrays;
import org.sparksae.core.linalg.ColumnEntries;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.nn.layer.DenseLayer;

/**
 * The pre-activation loss of {@link org.sparksae.core.model.JumpReluTraining}: a loss of the
 * latents (hidden units) that are <em>not</em> active, which are nearly all.
 *
 * <p>It is linear in their pre-activations. So it is that of all latents, for which the sum of the
 * rows is enough, less that of the active ones. With v the weights of the rows, A_j the rows in
 * which latent j is active, and sums over i:
 *
 * <pre>
 * P_j = sum over i not in A_j of v_i (theta_j - z_ij)
 *     = theta_j (V - V_j) - (W_j X + e_j V - Z_j)      V = sum v_i, X = sum v_i x_i, e: the bias
 *                                                      V_j = sum over A_j of v_i, Z_j of v_i z_ij
 * dP_j/dW_j = -X + sum over A_j of v_i x_i,   dP_j/db_j = -dP_j/dtheta_j = -(V - V_j)
 * </pre>
 *
 * <p>The sum of all is one of float32. So if z_ij is rounded ({@link
 * org.sparksae.core.model.Precision}), P_j differs by what that adds to z_ij of all rows.
 *
 * <p>The sums over A_j are slopes of entries that the code has anyway. The cost is one pass over
 * the rows and one over the weights.
 */
final class PreActivationLoss {
  /** Latents that a thread takes at a time. */
  private static final int GRAIN = 16;

  private final DenseLayer encoder;
  private final Tensor thresholds;
  private final double weight;
  private final Team team;
  private final float[] sumOfRows;
  private final double[] inactiveWeights;
  private final double[] losses;
  private float[] parameters;
  private Rows x;
  private float[] rowWeights;
  private double totalWeight;
  private float[] norms;

  PreActivationLoss(DenseLayer encoder, Tensor thresholds, double weight, Team team) {
    this.encoder = encoder;
    this.thresholds = thresholds;
    this.weight = weight;
    this.team = team;
    this.sumOfRows = new float[encoder.inputSize()];
    this.inactiveWeights = new double[encoder.outputSize()];
    this.losses = new double[encoder.outputSize()];
  }

  /** Takes the rows of a batch. */
  void begin(float[] ofModel, Rows input) {
    parameters = ofModel;
    x = input;
  }

  /**
   * Returns the weighted sum of the losses of the rows, and prepares the gradient.
   *
   * @param code the active latents; entries of 0 are not active
   */
  double value(SparseRows code, CodeTerms.Rows rows) {
    rowWeights = rows.weights();
    norms = rows.decoderNorms();
    sumRows();
    addActive(code);
    team.split(losses.length, GRAIN, (member, from, to) -> complete(from, to));
    double sum = 0;
    for (int j = 0; j < losses.length; j++) {
      rows.addAuxiliarySlope(j, weight * losses[j]);
      sum += norms[j] * losses[j];
    }
    return weight * sum;
  }

  private void sumRows() {
    double[] sums = new double[sumOfRows.length];
    if (x instanceof SparseRows sparse) {
      sparse.addWeightedColumnSums(rowWeights, sums, 0);
    } else {
      Kernels.addWeightedColumnSums((DenseRows) x, rowWeights, sums, 0);
    }
    for (int c = 0; c < sums.length; c++) {
      sumOfRows[c] = (float) sums[c];
    }
    totalWeight = 0;
    for (int i = 0; i < x.rows(); i++) {
      totalWeight += CodeTerms.weight(rowWeights, i);
    }
  }

  /** Sets V - V_j, and Z_j as the beginning of P_j. */
  private void addActive(SparseRows code) {
    Arrays.fill(inactiveWeights, totalWeight);
    Arrays.fill(losses, 0);
    for (int i = 0; i < code.rows(); i++) {
      double ofRow = CodeTerms.weight(rowWeights, i);
      for (int p = code.start(i); p < code.end(i); p++) {
        float value = code.values()[p];
        inactiveWeights[code.indices()[p]] -= value == 0f ? 0 : ofRow;
        losses[code.indices()[p]] += ofRow * value;
      }
    }
  }

  private void complete(int from, int to) {
    int in = encoder.inputSize();
    float[] biases = encoder.biases(parameters);
    for (int j = from; j < to; j++) {
      double ofAll =
          Kernels.dot(parameters, encoder.weight().offset() + j * in, sumOfRows, 0, in)
              + biases[encoder.biasesFrom() + j] * totalWeight;
      losses[j] += parameters[thresholds.offset() + j] * inactiveWeights[j] - ofAll;
    }
  }

  /** Takes from the slopes of a latent's active entries what {@link #addGradient} adds too much. */
  void spareActive(CodeTile tile, int latent, float[] slopes) {
    ColumnEntries entries = tile.code();
    float slope = slope(latent);
    for (int p = entries.start(latent); p < entries.end(latent); p++) {
      if (entries.values()[p] != 0f) {
        int row = tile.firstRow() + entries.rows()[p];
        slopes[p] += slope * CodeTerms.weight(rowWeights, row);
      }
    }
  }

  /** Adds the gradient of a latent's weights, bias and threshold as if it were never active. */
  void addGradient(float[] gradient, int latent) {
    int in = encoder.inputSize();
    float slope = slope(latent);
    Kernels.axpy(-slope, sumOfRows, 0, gradient, encoder.weight().offset() + latent * in, in);
    gradient[encoder.bias().offset() + latent] -= (float) (slope * totalWeight);
    gradient[thresholds.offset() + latent] += (float) (slope * inactiveWeights[latent]);
  }

  private float slope(int latent) {
    return (float) (weight * norms[latent]);
  }
}

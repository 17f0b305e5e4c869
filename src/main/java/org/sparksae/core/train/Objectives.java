package org.sparksae.core.train;

import java.util.Arrays;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.Sparsity;

/** The objective's terms and the penalties' slopes, from sums over a batch. */
final class Objectives {
  /** Weights that are worth a second thread's while. */
  private static final int NORM_GRAIN = 1 << 16;

  private Objectives() {}

  /**
   * {@code w s'(rho, mean_j)} of each hidden layer whose penalty is one of means; null for others.
   */
  static float[][] slopes(AutoencoderSpec spec, double[] means) {
    float[][] slopes = new float[spec.depth()][];
    int from = 0;
    for (int k = 0; k < slopes.length; k++) {
      Sparsity sparsity = spec.hiddenLayers().get(k).sparsity();
      int units = spec.units(k + 1);
      if (sparsity.needsMeans()) {
        slopes[k] = sparsity.slopesOfMeans(means, from, units);
      }
      from += units;
    }
    return slopes;
  }

  /**
   * The terms.
   *
   * @param means mean activation of every hidden unit, or null if no penalty needs them
   * @param scale 1 / the sum of the row weights, or 0 for a batch of no weight
   * @param reconstruction {@code sum of weight_i 1/2 |x_hat_i - x_i|^2}
   * @param sums per hidden layer, from {@code from} on, the sum over the rows of a penalty of rows
   * @param weightDecay that term
   */
  static ObjectiveTerms terms(
      AutoencoderSpec spec,
      double[] means,
      double scale,
      double reconstruction,
      double[] sums,
      int from,
      double weightDecay) {
    double[] values = new double[2 + spec.depth()];
    values[0] = scale * reconstruction;
    values[1] = weightDecay;
    int unit = 0;
    for (int k = 0; scale > 0 && k < spec.depth(); k++) {
      Sparsity sparsity = spec.hiddenLayers().get(k).sparsity();
      values[2 + k] =
          sparsity.needsMeans()
              ? sparsity.ofMeans(means, unit, spec.units(k + 1))
              : scale * sums[from + k];
      unit += spec.units(k + 1);
    }
    return new ObjectiveTerms(ObjectiveTerms.namesOf(spec), values);
  }

  /** {@code (lambda / 2) sum over the distinct weight matrices of |W|^2}. */
  static double weightDecay(AutoencoderSpec spec, float[] parameters) {
    return weightDecay(spec, parameters, 0, parameters.length, Team.SOLO);
  }

  /** The part of the weights among the parameters {@code from} to {@code to}. */
  static double weightDecay(AutoencoderSpec spec, float[] parameters, int from, int to, Team team) {
    if (spec.regParam() == 0) {
      return 0;
    }
    double[] squares = new double[team.size()];
    for (Tensor tensor : spec.layout().tensors()) {
      if (tensor.role().decays()) {
        int first = Math.max(from, tensor.offset());
        int last = Math.min(to, tensor.offset() + tensor.size());
        team.split(
            Math.max(0, last - first),
            NORM_GRAIN,
            (member, start, end) ->
                squares[member] += Kernels.squaredNorm(parameters, first + start, end - start));
      }
    }
    return 0.5 * spec.regParam() * Arrays.stream(squares).sum();
  }
}

package org.sparksae.core.train;

import java.util.Arrays;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ObjectiveLayout;
import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.Sparsity;

/** Computes the terms of the objective and the slopes of the penalties from sums over a batch. */
final class Objectives {
  /** Fewer weights than this are not split between threads. */
  private static final int NORM_GRAIN = 1 << 16;

  private Objectives() {}

  /**
   * Returns {@code w s'(rho, mean_j)} for each hidden layer whose penalty depends on means; null
   * for others.
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
   * Computes the terms.
   *
   * @param sums sums over all rows of the batch, in the order of {@link ObjectiveLayout}
   * @param means mean activation of every hidden unit, or null if no penalty needs them
   * @param weightDecay the weight decay term
   */
  static ObjectiveTerms terms(
      AutoencoderSpec spec, double[] sums, double[] means, double weightDecay) {
    ObjectiveLayout layout = ObjectiveLayout.of(spec);
    double scale = scale(sums);
    double[] values = new double[layout.terms().size()];
    values[0] = scale * sums[ObjectiveLayout.RECONSTRUCTION];
    values[1] = weightDecay;
    int unit = 0;
    for (int k = 1; scale > 0 && k <= spec.depth(); k++) {
      Sparsity sparsity = spec.hiddenLayers().get(k - 1).sparsity();
      values[1 + k] =
          sparsity.needsMeans()
              ? sparsity.ofMeans(means, unit, spec.units(k))
              : scale * sums[layout.penalty(k)];
      unit += spec.units(k);
    }
    if (layout.hasAuxiliary()) {
      values[2 + spec.depth()] = scale * sums[layout.auxiliary()];
    }
    return new ObjectiveTerms(layout.terms(), values);
  }

  /**
   * The factor that turns sums over a batch into means: 1 / weight of its rows, or 0 if that weight
   * is 0.
   */
  static double scale(double[] sums) {
    return sums[ObjectiveLayout.WEIGHT] > 0 ? 1 / sums[ObjectiveLayout.WEIGHT] : 0;
  }

  /** {@code (lambda / 2) sum over the distinct weight matrices of |W|^2}. */
  static double weightDecay(AutoencoderSpec spec, float[] parameters) {
    return weightDecay(spec, parameters, 0, parameters.length, Team.SOLO);
  }

  /** The weight decay of the parameters {@code from} to {@code to}. */
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

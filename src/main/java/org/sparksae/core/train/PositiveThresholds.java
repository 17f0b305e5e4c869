package org.sparksae.core.train;

import org.sparksae.core.model.ParameterLayout;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.TensorRole;

/**
 * Keeps trained thresholds positive after a step, on the range of parameters that a worker owns.
 *
 * <pre>
 * theta_j = max(theta_j, the smallest normal float32)
 * </pre>
 *
 * <p>A threshold that a step made 0 or negative would let every positive activation through for
 * good: the gradient of the reconstruction is proportional to it.
 */
final class PositiveThresholds {
  private PositiveThresholds() {}

  /** Applies the rule to {@code from <= i < to} of the parameters. NaN stays. */
  static void keep(ParameterLayout layout, float[] parameters, int from, int to) {
    for (Tensor tensor : layout.tensors()) {
      if (tensor.role() == TensorRole.THRESHOLD) {
        for (int i = Math.max(from, tensor.offset()); i < Math.min(to, tensor.end()); i++) {
          parameters[i] = Math.max(parameters[i], Float.MIN_NORMAL);
        }
      }
    }
  }
}

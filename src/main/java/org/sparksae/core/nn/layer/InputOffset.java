package org.sparksae.core.nn.layer;

import java.util.Arrays;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.ParameterLayout.Tensor;

/**
 * A vector c of the parameters that a layer subtracts from its input.
 *
 * <pre>
 * A (x - c) + b = A x + e,   e = b - A c
 * dJ/dA = delta' x - s c',   dJ/dc -= A' s,   s = dJ/db: the column sums of delta = dJ/dz
 * </pre>
 *
 * <p>So rows stay as they are, and sparse ones sparse: the layer uses e in place of b, and its
 * gradient is completed once the others have theirs. What is added is linear in s, so that parts of
 * a batch and workers add up, and follows the units whose s is not 0.
 */
final class InputOffset {
  /** Units that a thread takes at a time: a cache line of e. */
  private static final int GRAIN = 16;

  private final Tensor weight;
  private final Tensor bias;
  private final Tensor offset;
  private final float[] effective;
  private final float[] before;
  private boolean isCurrent;
  private float[][] parts;

  /**
   * The offset of a layer.
   *
   * @param weight A, [out, in]
   * @param bias b, [out]
   * @param offset c, [in]
   */
  InputOffset(Tensor weight, Tensor bias, Tensor offset) {
    this.weight = weight;
    this.bias = bias;
    this.offset = offset;
    this.effective = new float[bias.rows()];
    this.before = new float[bias.rows()];
  }

  void parametersChanged() {
    isCurrent = false;
  }

  /** Computes e, unless it is that of the parameters. */
  void prepare(float[] parameters, Team team) {
    if (isCurrent) {
      return;
    }
    int in = weight.columns();
    team.split(
        effective.length,
        GRAIN,
        (member, from, to) -> {
          for (int j = from; j < to; j++) {
            float moved = Kernels.dot(parameters, row(j), parameters, offset.offset(), in);
            effective[j] = parameters[bias.offset() + j] - moved;
          }
        });
    isCurrent = true;
  }

  /** Returns e, [out]. */
  float[] effective() {
    return effective;
  }

  private int row(int unit) {
    return weight.offset() + unit * weight.columns();
  }

  /** Remembers dJ/db, before a pass adds to it or replaces it; the same pass begins dJ/dc. */
  void beginGradient(float[] gradient, boolean accumulate, Team team) {
    if (parts == null) {
      parts = new float[team.size()][weight.columns()];
    }
    for (float[] part : parts) {
      Arrays.fill(part, 0f);
    }
    if (accumulate) {
      System.arraycopy(gradient, bias.offset(), before, 0, before.length);
    } else {
      Arrays.fill(before, 0f);
      Kernels.fill(gradient, offset.offset(), offset.end(), 0f);
    }
  }

  /** Completes dJ/dA and dJ/dc. The s of the pass is what it has added to dJ/db. */
  void endGradient(float[] parameters, float[] gradient, Team team) {
    team.split(
        before.length,
        GRAIN,
        (member, from, to) -> {
          for (int j = from; j < to; j++) {
            addUnit(j, parameters, gradient, member);
          }
        });
    for (float[] part : parts) {
      Kernels.axpy(1f, part, 0, gradient, offset.offset(), weight.columns());
    }
  }

  /**
   * Adds, as a member, what the s of a unit gives that the pass has found so far. Optional: {@link
   * #endGradient} adds what is left. While the gradient of the unit is in the cache, it costs less.
   */
  void addUnit(int unit, float[] parameters, float[] gradient, int member) {
    float found = gradient[bias.offset() + unit];
    float sum = found - before[unit];
    if (sum != 0) {
      before[unit] = found;
      int in = weight.columns();
      Kernels.axpy(-sum, parameters, offset.offset(), gradient, row(unit), in);
      Kernels.axpy(-sum, parameters, row(unit), parts[member], 0, in);
    }
  }
}

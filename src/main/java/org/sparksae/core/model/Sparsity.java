package org.sparksae.core.model;

import java.io.Serializable;
import org.sparksae.core.linalg.DenseRows;

/**
 * The sparsity penalty {@code w S} of one hidden layer. S is a {@link SparsityKind} over a {@link
 * SparsityScope}.
 *
 * <p>A penalty of values has exactly one of two forms:
 *
 * <ul>
 *   <li>a function of the mean activations of the batch ({@link #needsMeans()}): {@code S = sum
 *       over j of s(rho, mean_j)}; {@code w s'(rho, mean_j)}, scaled by the row's weight, is added
 *       to every row's delta;
 *   <li>a function of single rows ({@link #isOfRows()}): {@code S = (1/N) sum over i of r(h_i)},
 *       where r is the norm of a row or, in the example scope, {@code s(rho, mean of h_i over its
 *       units)}.
 * </ul>
 *
 * <p>Penalties of codes with thresholds ({@link SparsityKind#isOfThresholds}) belong to the code,
 * which computes them; some are functions of the number of active latents ({@link #ofL0}).
 *
 * @param kind the penalty
 * @param scope the mean that is compared with the target; unused by kinds without a target
 * @param weight w, 0 or more
 * @param target rho, a mean activation, or a number of active latents; unused by kinds without one
 * @param rounding epsilon, which rounds off the kink of {@code targetL1}: {@code s = sqrt((mean -
 *     rho)^2 + epsilon^2) - epsilon}; 0 for {@code |mean - rho|} and for other kinds
 */
public record Sparsity(
    SparsityKind kind, SparsityScope scope, double weight, double target, double rounding)
    implements Serializable {

  /** Epsilon for a line search, which needs slopes without jumps: a tenth of a usual target. */
  static final double ROUNDING = 0.01;

  /** Creates a penalty that keeps its kink, if it has one. */
  public Sparsity(SparsityKind kind, SparsityScope scope, double weight, double target) {
    this(kind, scope, weight, target, 0);
  }

  /** No penalty. */
  public static final Sparsity NONE = new Sparsity(SparsityKind.NONE, SparsityScope.UNIT, 0, 0);

  /**
   * Returns the same penalty without the jump of its slope at the target. A line search that uses
   * slopes, such as that of L-BFGS, would stop once all means are at a kink, even if the
   * reconstruction could still improve.
   */
  public Sparsity withoutKink() {
    return kind == SparsityKind.TARGET_L1
        ? new Sparsity(kind, scope, weight, target, ROUNDING)
        : this;
  }

  /** Returns the same penalty with its weight multiplied by a factor, 0 or more. */
  Sparsity times(double factor) {
    return new Sparsity(kind, scope, factor * weight, target, rounding);
  }

  private double value(double mean) {
    return rounding == 0
        ? kind.value(target, mean)
        : Math.hypot(mean - target, rounding) - rounding;
  }

  private double derivative(double mean) {
    return rounding == 0
        ? kind.derivative(target, mean)
        : (mean - target) / Math.hypot(mean - target, rounding);
  }

  /**
   * Returns whether the mean activation of every unit over the batch is needed before the gradient.
   */
  public boolean needsMeans() {
    return kind.hasTarget() && scope == SparsityScope.UNIT && weight > 0;
  }

  /** Returns whether the penalty is a mean over the rows. */
  public boolean isOfRows() {
    return kind != SparsityKind.NONE && weight > 0 && !needsMeans() && !kind.isOfThresholds();
  }

  /**
   * Returns the penalty of a mean number of active latents of a row; 0 for penalties of another
   * form.
   */
  public double ofL0(double l0) {
    return switch (kind) {
      case L0 -> weight * l0;
      case TARGET_L0 -> weight * (l0 / target - 1) * (l0 / target - 1);
      default -> 0;
    };
  }

  /** Returns the derivative of {@link #ofL0}. */
  public double slopeOfL0(double l0) {
    return switch (kind) {
      case L0 -> weight;
      case TARGET_L0 -> 2 * weight * (l0 / target - 1) / target;
      default -> 0;
    };
  }

  /**
   * Returns {@code w sum over j of s(rho, means[from + j])} for {@code units} units. Requires
   * {@link #needsMeans()}.
   */
  public double ofMeans(double[] means, int from, int units) {
    double sum = 0;
    for (int j = from; j < from + units; j++) {
      sum += value(means[j]);
    }
    return weight * sum;
  }

  /**
   * Returns {@code w s'(rho, means[from + j])} for each unit, [units]. Requires {@link
   * #needsMeans()}.
   */
  public float[] slopesOfMeans(double[] means, int from, int units) {
    float[] slopes = new float[units];
    for (int j = 0; j < units; j++) {
      slopes[j] = (float) (weight * derivative(means[from + j]));
    }
    return slopes;
  }

  /**
   * Adds the gradient of the penalty and returns its sum over the rows. Requires {@link
   * #isOfRows()}.
   *
   * @param h activations, [n, units]
   * @param rowWeights weight of each row, or null for 1
   * @param delta {@code rowWeight_i w dr/dh_ij} is added to it, [n, units]
   * @return {@code sum over i of rowWeight_i w r(h_i)}
   */
  public double addRows(DenseRows h, float[] rowWeights, DenseRows delta) {
    return addRows(h, rowWeights, null, delta);
  }

  /**
   * Adds the gradient with respect to h, and returns the sum over the rows, as {@link
   * #addRows(DenseRows, float[], DenseRows)} does.
   *
   * @param decoderNorms length of each unit's decoder vector, [units]; null for kinds that do not
   *     need it
   */
  public double addRows(DenseRows h, float[] rowWeights, float[] decoderNorms, DenseRows delta) {
    double sum = 0;
    for (int i = 0; i < h.rows(); i++) {
      double scale = weight * (rowWeights == null ? 1.0 : rowWeights[i]);
      sum +=
          scale
              * (decoderNorms == null
                  ? addRow(h, delta, i, (float) scale)
                  : addRow(h, decoderNorms, delta, i, (float) scale));
    }
    return sum;
  }

  private static double addRow(DenseRows h, float[] norms, DenseRows delta, int i, float scale) {
    double sum = 0;
    for (int j = 0; j < norms.length; j++) {
      float value = h.values()[h.rowOffset(i) + j];
      sum += (double) norms[j] * Math.abs(value);
      delta.values()[delta.rowOffset(i) + j] += scale * norms[j] * Math.signum(value);
    }
    return sum;
  }

  private double addRow(DenseRows h, DenseRows delta, int i, float scale) {
    int units = h.columns();
    if (!kind.hasTarget()) {
      return kind.addRow(
          h.values(), h.rowOffset(i), units, scale, delta.values(), delta.rowOffset(i));
    }
    double mean = mean(h.values(), h.rowOffset(i), units);
    float slope = (float) (scale * derivative(mean) / units);
    float[] values = delta.values();
    for (int j = delta.rowOffset(i); j < delta.rowOffset(i) + units; j++) {
      values[j] += slope;
    }
    return value(mean);
  }

  private static double mean(float[] h, int from, int units) {
    double sum = 0;
    for (int j = from; j < from + units; j++) {
      sum += h[j];
    }
    return sum / units;
  }
}

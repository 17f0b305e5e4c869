package org.sparksae.core.model;

import java.io.Serializable;
import org.sparksae.core.linalg.DenseRows;

/**
 * The sparsity penalty of one hidden layer: {@code w S}, with S of {@link SparsityKind} over a
 * {@link SparsityScope}.
 *
 * <p>Two forms, of which a penalty has exactly one:
 *
 * <ul>
 *   <li>of the batch's mean activations ({@link #needsMeans()}): {@code S = sum over j of s(rho,
 *       mean_j)}, and every row's delta gets {@code w s'(rho, mean_j)}, scaled by its weight;
 *   <li>of single rows ({@link #isOfRows()}): {@code S = (1/N) sum over i of r(h_i)}, with r the
 *       norm of a row, or {@code s(rho, mean of h_i over its units)} in the example scope.
 * </ul>
 *
 * @param kind the penalty
 * @param scope which mean a target is compared with; without meaning for kinds without a target
 * @param weight w, 0 or more
 * @param target rho; without meaning for kinds without a target
 * @param rounding epsilon of {@code targetL1}, whose kink is rounded off with it: {@code s =
 *     sqrt((mean - rho)^2 + epsilon^2) - epsilon}; 0 for {@code |mean - rho|}, and of other kinds
 */
public record Sparsity(
    SparsityKind kind, SparsityScope scope, double weight, double target, double rounding)
    implements Serializable {

  /** Epsilon of a search that needs slopes without jumps: a tenth of what targets usually are. */
  static final double ROUNDING = 0.01;

  /** With its kink, if it has one. */
  public Sparsity(SparsityKind kind, SparsityScope scope, double weight, double target) {
    this(kind, scope, weight, target, 0);
  }

  /** No penalty. */
  public static final Sparsity NONE = new Sparsity(SparsityKind.NONE, SparsityScope.UNIT, 0, 0);

  /**
   * The same without a jump of its slope at the target. A line search that goes by slopes, as
   * L-BFGS has it, stops where all means are at a kink, however much the reconstruction could still
   * gain.
   */
  public Sparsity withoutKink() {
    return kind == SparsityKind.TARGET_L1
        ? new Sparsity(kind, scope, weight, target, ROUNDING)
        : this;
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

  /** Whether the gradient needs the mean activation of every unit over the batch first. */
  public boolean needsMeans() {
    return kind.hasTarget() && scope == SparsityScope.UNIT && weight > 0;
  }

  /** Whether the penalty is a mean over the rows. */
  public boolean isOfRows() {
    return kind != SparsityKind.NONE && weight > 0 && !needsMeans();
  }

  /**
   * {@code w sum over j of s(rho, means[from + j])} for {@code units} units; if {@link
   * #needsMeans()}.
   */
  public double ofMeans(double[] means, int from, int units) {
    double sum = 0;
    for (int j = from; j < from + units; j++) {
      sum += value(means[j]);
    }
    return weight * sum;
  }

  /** {@code w s'(rho, means[from + j])} of each unit, [units]; if {@link #needsMeans()}. */
  public float[] slopesOfMeans(double[] means, int from, int units) {
    float[] slopes = new float[units];
    for (int j = 0; j < units; j++) {
      slopes[j] = (float) (weight * derivative(means[from + j]));
    }
    return slopes;
  }

  /**
   * The penalty of each row summed, and its gradient added; if {@link #isOfRows()}.
   *
   * @param h activations, [n, units]
   * @param rowWeights weight of each row, or null for 1
   * @param delta gets {@code rowWeight_i w dr/dh_ij}, [n, units]
   * @return {@code sum over i of rowWeight_i w r(h_i)}
   */
  public double addRows(DenseRows h, float[] rowWeights, DenseRows delta) {
    double sum = 0;
    for (int i = 0; i < h.rows(); i++) {
      double scale = weight * (rowWeights == null ? 1.0 : rowWeights[i]);
      sum += scale * addRow(h, delta, i, (float) scale);
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

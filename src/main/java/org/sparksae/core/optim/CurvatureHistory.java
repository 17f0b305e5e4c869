package org.sparksae.core.optim;

import org.sparksae.core.Text;

/**
 * The limited-memory inverse Hessian of L-BFGS. The last m pairs {@code s_k = x_{k+1} - x_k},
 * {@code y_k = g_{k+1} - g_k} represent {@code H_{k+1} = V_k' H_k V_k + rho_k s_k s_k'}, with
 * {@code V_k = I - rho_k y_k s_k'}, {@code rho_k = 1 / (y_k's_k)}, and {@code H_0 = (s'y / y'y) I}
 * from the newest pair.
 *
 * <p>The pairs are stored in a ring buffer. The two-loop recursion is that of Nocedal &amp; Wright,
 * Numerical Optimization, 2nd ed., algorithm 7.4.
 */
final class CurvatureHistory {
  private final double[][] s;
  private final double[][] y;
  private final double[] rho;
  private final double[] alpha;
  private double initialScale;
  private int newest = -1;
  private int size;

  CurvatureHistory(int capacity, int dimension) {
    s = new double[capacity][dimension];
    y = new double[capacity][dimension];
    rho = new double[capacity];
    alpha = new double[capacity];
  }

  boolean isEmpty() {
    return size == 0;
  }

  void clear() {
    size = 0;
  }

  /**
   * Appends the pair of one step and drops the oldest pair if the history is full. A pair without
   * positive curvature, {@code s'y <= ulp(1) y'y}, is not kept, because H would no longer be
   * positive definite.
   */
  void append(Sample before, Sample after) {
    int slot = (newest + 1) % s.length;
    Vectors.subtract(after.point, before.point, s[slot]);
    Vectors.subtract(after.gradient, before.gradient, y[slot]);
    if (!keep(slot)) {
      // The slot of the oldest pair has been overwritten.
      size = Math.min(size, s.length - 1);
    }
  }

  /** Makes the pair in a slot the newest, if it is usable; returns whether it is. */
  private boolean keep(int slot) {
    double curvature = Vectors.dot(s[slot], y[slot]);
    double squared = Vectors.dot(y[slot], y[slot]);
    boolean usable = curvature > Math.ulp(1.0) * squared && Double.isFinite(1 / curvature);
    if (usable) {
      rho[slot] = 1 / curvature;
      initialScale = curvature / squared;
      newest = slot;
      size = Math.min(size + 1, s.length);
    }
    return usable;
  }

  /** Returns the stored {@code s_k}, oldest first; the live arrays. */
  double[][] steps() {
    return oldestFirst(s);
  }

  /** Returns the stored {@code y_k}, oldest first; the live arrays. */
  double[][] gradientChanges() {
    return oldestFirst(y);
  }

  private double[][] oldestFirst(double[][] ring) {
    double[][] ordered = new double[size][];
    for (int age = 0; age < size; age++) {
      ordered[size - 1 - age] = ring[slot(age)];
    }
    return ordered;
  }

  /**
   * Replaces the stored pairs. Everything else follows from them, with the same bits.
   *
   * @param steps {@code s_k}, oldest first, at most as many as the capacity; copied
   * @param gradientChanges {@code y_k} of each; copied
   * @throws IllegalArgumentException if a pair has no positive curvature
   */
  void restore(double[][] steps, double[][] gradientChanges) {
    newest = -1;
    size = 0;
    for (int k = 0; k < steps.length; k++) {
      System.arraycopy(steps[k], 0, s[k], 0, s[k].length);
      System.arraycopy(gradientChanges[k], 0, y[k], 0, y[k].length);
      if (!keep(k)) {
        throw new IllegalArgumentException(
            Text.format("pair %d of the curvature history must have positive curvature", k));
      }
    }
  }

  /**
   * Sets {@code direction} to {@code -H gradient}, or to {@code -gradient} if the history is empty.
   */
  void descend(double[] gradient, double[] direction) {
    Vectors.setScaled(-1, gradient, direction);
    if (size == 0) {
      return;
    }
    for (int age = 0; age < size; age++) {
      int k = slot(age);
      alpha[k] = rho[k] * Vectors.dot(s[k], direction);
      Vectors.addScaled(-alpha[k], y[k], direction);
    }
    Vectors.setScaled(initialScale, direction, direction);
    for (int age = size - 1; age >= 0; age--) {
      int k = slot(age);
      double beta = rho[k] * Vectors.dot(y[k], direction);
      Vectors.addScaled(alpha[k] - beta, s[k], direction);
    }
  }

  private int slot(int age) {
    return Math.floorMod(newest - age, s.length);
  }
}

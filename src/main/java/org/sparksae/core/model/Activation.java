package org.sparksae.core.model;

import java.util.Locale;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;

/**
 * The activation functions {@code h = f(z)}.
 *
 * <table>
 *   <caption>f and its derivative, written in h</caption>
 *   <tr><th>name</th><th>f(z)</th><th>f'(z)</th><th>range</th></tr>
 *   <tr><td>sigmoid</td><td>1 / (1 + exp(-z))</td><td>h (1 - h)</td><td>(0, 1)</td></tr>
 *   <tr><td>tanh</td><td>tanh(z)</td><td>1 - h^2</td><td>(-1, 1)</td></tr>
 *   <tr><td>relu</td><td>max(z, 0)</td><td>1 if h &gt; 0, else 0</td><td>[0, inf)</td></tr>
 *   <tr><td>linear</td><td>z</td><td>1</td><td>(-inf, inf)</td></tr>
 * </table>
 *
 * <p>Every derivative is a function of h alone, so z need not be stored. NaN stays NaN. In float,
 * the sigmoid is exactly 1 above z = 17.4 and tanh is exactly +-1 beyond |z| = 10.
 */
public enum Activation {
  /** {@code 1 / (1 + exp(-z))}. */
  SIGMOID(0, 1, true) {
    @Override
    void applyRange(float[] z, int from, int to) {
      Kernels.sigmoid(z, from, to);
    }

    @Override
    void derivativeRange(float[] delta, int deltaFrom, float[] h, int hFrom, int length) {
      Kernels.multiplySigmoidDerivative(delta, deltaFrom, h, hFrom, length);
    }
  },

  /** {@code tanh(z)}. */
  TANH(-1, 1, true) {
    @Override
    void applyRange(float[] z, int from, int to) {
      Kernels.tanh(z, from, to);
    }

    @Override
    void derivativeRange(float[] delta, int deltaFrom, float[] h, int hFrom, int length) {
      Kernels.multiplyTanhDerivative(delta, deltaFrom, h, hFrom, length);
    }
  },

  /** {@code max(z, 0)}. */
  RELU(0, Double.POSITIVE_INFINITY, false) {
    @Override
    void applyRange(float[] z, int from, int to) {
      Kernels.relu(z, from, to);
    }

    @Override
    void derivativeRange(float[] delta, int deltaFrom, float[] h, int hFrom, int length) {
      Kernels.multiplyReluDerivative(delta, deltaFrom, h, hFrom, length);
    }
  },

  /** {@code z}. */
  LINEAR(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, true) {
    @Override
    void applyRange(float[] z, int from, int to) {}

    @Override
    void derivativeRange(float[] delta, int deltaFrom, float[] h, int hFrom, int length) {}
  };

  private final double lower;
  private final double upper;
  private final boolean open;

  Activation(double lower, double upper, boolean open) {
    this.lower = lower;
    this.upper = upper;
    this.open = open;
  }

  abstract void applyRange(float[] z, int from, int to);

  abstract void derivativeRange(float[] delta, int deltaFrom, float[] h, int hFrom, int length);

  /** Replaces z [n, units] by f(z), in place. */
  public void apply(DenseRows z) {
    applyRange(z.values(), z.offset(), z.end());
  }

  /** Computes {@code delta *= f'(z)}, with h = f(z); both [n, units]. */
  public void multiplyByDerivative(DenseRows delta, DenseRows h) {
    derivativeRange(delta.values(), delta.offset(), h.values(), h.offset(), h.rows() * h.columns());
  }

  /** Returns whether a unit's activation, and so its mean, can be {@code value}. */
  public boolean canReach(double value) {
    return open ? value > lower && value < upper : value >= lower && value < upper;
  }

  /** Returns whether {@code f(s z) = s f(z)} for every s above 0. */
  public boolean isHomogeneous() {
    return this == RELU || this == LINEAR;
  }

  /** Returns whether every activation lies in (0, 1), as the KL divergence requires. */
  public boolean isProbability() {
    return lower == 0 && upper == 1;
  }

  /** Returns the range as text, such as {@code (0, 1)}. */
  public String range() {
    return (open ? "(" : "[") + bound(lower) + ", " + bound(upper) + ")";
  }

  private static String bound(double value) {
    return Double.isInfinite(value) ? (value > 0 ? "inf" : "-inf") : Integer.toString((int) value);
  }

  /** Returns the name used in Params and job files. */
  public String paramName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the activation with the given name.
   *
   * @param param the Param's name, for the message
   * @throws IllegalArgumentException if there is none; the message lists the valid names
   */
  public static Activation parse(String param, String name) {
    return Names.parse(param, name, values(), Activation::paramName);
  }
}

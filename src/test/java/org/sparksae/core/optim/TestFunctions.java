package org.sparksae.core.optim;

import java.util.Arrays;

/** Functions with known minima and hand-derived gradients. */
final class TestFunctions {

  private TestFunctions() {}

  /** {@code sum_i 100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2}: minimum 0 at (1, ..., 1). */
  static double rosenbrock(double[] x, double[] gradient) {
    double value = 0;
    Arrays.fill(gradient, 0);
    for (int i = 0; i + 1 < x.length; i++) {
      double valley = x[i + 1] - x[i] * x[i];
      double rest = 1 - x[i];
      value += 100 * valley * valley + rest * rest;
      gradient[i] += -400 * x[i] * valley - 2 * rest;
      gradient[i + 1] += 200 * valley;
    }
    return value;
  }

  /**
   * {@code (1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2}: minimum 0 at (3, 0.5).
   */
  static double beale(double[] p, double[] gradient) {
    double x = p[0];
    double y = p[1];
    double a = 1.5 - x + x * y;
    double b = 2.25 - x + x * y * y;
    double c = 2.625 - x + x * y * y * y;
    gradient[0] = 2 * a * (y - 1) + 2 * b * (y * y - 1) + 2 * c * (y * y * y - 1);
    gradient[1] = 2 * a * x + 2 * b * 2 * x * y + 2 * c * 3 * x * y * y;
    return a * a + b * b + c * c;
  }

  /** {@code (x^2 + y - 11)^2 + (x + y^2 - 7)^2}: four minima of value 0, one at (3, 2). */
  static double himmelblau(double[] p, double[] gradient) {
    double x = p[0];
    double y = p[1];
    double a = x * x + y - 11;
    double b = x + y * y - 7;
    gradient[0] = 4 * x * a + 2 * b;
    gradient[1] = 2 * a + 4 * y * b;
    return a * a + b * b;
  }

  /**
   * {@code sum_i k_i/2 (x_i - i)^2 - 1} with k from 1 to {@code condition}, geometric: minimum -1
   * at x_i = i.
   */
  static DifferentiableFunction quadratic(double condition) {
    return (x, gradient) -> {
      double value = -1;
      for (int i = 0; i < x.length; i++) {
        double k = Math.pow(condition, i / (x.length - 1.0));
        gradient[i] = k * (x[i] - i);
        value += k / 2 * (x[i] - i) * (x[i] - i);
      }
      return value;
    };
  }

  /** {@code function} as float arithmetic would return it: value and gradient rounded to float. */
  static DifferentiableFunction rounded(DifferentiableFunction function) {
    return (x, gradient) -> {
      double value = function.evaluate(x, gradient);
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] = (float) gradient[i];
      }
      return (float) value;
    };
  }
}

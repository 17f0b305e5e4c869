package org.sparksae.core.optim;

/** The cubic {@code p} through {@code p(a), p'(a), p(b), p'(b)}. */
final class Cubic {

  private Cubic() {}

  /**
   * Returns the local minimiser of the cubic (Nocedal &amp; Wright, equation 3.59), or NaN if it
   * has none or arithmetic overflows. The minimiser may lie outside {@code [a, b]}.
   */
  static double minimum(
      double a, double valueA, double slopeA, double b, double valueB, double slopeB) {
    double d1 = slopeA + slopeB - 3 * (valueA - valueB) / (a - b);
    double discriminant = d1 * d1 - slopeA * slopeB;
    if (!(discriminant >= 0)) {
      return Double.NaN;
    }
    double d2 = Math.copySign(Math.sqrt(discriminant), b - a);
    double minimum = b - (b - a) * ((slopeB + d2 - d1) / (slopeB - slopeA + 2 * d2));
    return Double.isFinite(minimum) ? minimum : Double.NaN;
  }
}

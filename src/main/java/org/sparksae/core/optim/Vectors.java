package org.sparksae.core.optim;

/** Vector operations on double[n]. Sums have a fixed order, so equal input gives equal bits. */
final class Vectors {

  private Vectors() {}

  /** Returns {@code sum_i a_i b_i}; 0 for empty arrays. */
  static double dot(double[] a, double[] b) {
    // A single running sum would wait for each addition. Four sums fill the pipeline, also in a
    // fixed order.
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i + 3 < a.length; i += 4) {
      s0 += a[i] * b[i];
      s1 += a[i + 1] * b[i + 1];
      s2 += a[i + 2] * b[i + 2];
      s3 += a[i + 3] * b[i + 3];
    }
    for (; i < a.length; i++) {
      s0 += a[i] * b[i];
    }
    return (s0 + s1) + (s2 + s3);
  }

  /** Returns {@code |a|_2}, even if the squares overflow or underflow. */
  static double norm(double[] a) {
    double squares = dot(a, a);
    if (squares >= Double.MIN_NORMAL && squares <= Double.MAX_VALUE) {
      return Math.sqrt(squares);
    }
    return scaledNorm(a);
  }

  private static double scaledNorm(double[] a) {
    double largest = 0;
    for (double x : a) {
      largest = Math.max(largest, Math.abs(x)); // NaN stays NaN
    }
    if (largest == 0 || !Double.isFinite(largest)) {
      return largest;
    }
    double squares = 0;
    for (double x : a) {
      squares += (x / largest) * (x / largest);
    }
    return largest * Math.sqrt(squares);
  }

  /** Computes {@code y += factor * x}. */
  static void addScaled(double factor, double[] x, double[] y) {
    for (int i = 0; i < y.length; i++) {
      y[i] += factor * x[i];
    }
  }

  /** Computes {@code y = factor * x}. */
  static void setScaled(double factor, double[] x, double[] y) {
    for (int i = 0; i < y.length; i++) {
      y[i] = factor * x[i];
    }
  }

  /** Computes {@code out = a - b}. */
  static void subtract(double[] a, double[] b, double[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] = a[i] - b[i];
    }
  }
}

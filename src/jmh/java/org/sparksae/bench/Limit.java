package org.sparksae.bench;

import java.io.Serializable;
import java.util.Locale;

/**
 * What is wanted of a step against the machine: a share of the time of products that are measured
 * alone, or at most so many times it.
 *
 * @param encoderOnly whether the step is held against its encoder product, and not against all five
 * @param bound the smallest share, or the largest multiple if {@code encoderOnly}
 */
record Limit(boolean encoderOnly, double bound) implements Serializable {

  /** The products' time must be at least this share of the step's. */
  static Limit share(double atLeast) {
    return new Limit(false, atLeast);
  }

  /** The step may take at most this many times the encoder product's time. */
  static Limit timesEncoder(double atMost) {
    return new Limit(true, atMost);
  }

  /** What was reached, as the table shows it. */
  String reached(double productsSeconds, double stepSeconds) {
    return encoderOnly
        ? String.format(Locale.ROOT, "%.2f x encoder", stepSeconds / productsSeconds)
        : String.format(Locale.ROOT, "%.0f %% of gemm", 100 * productsSeconds / stepSeconds);
  }

  /** The goal, as the table shows it. */
  String goal() {
    return encoderOnly
        ? String.format(Locale.ROOT, "<= %.2f x", bound)
        : String.format(Locale.ROOT, ">= %.0f %%", 100 * bound);
  }
}

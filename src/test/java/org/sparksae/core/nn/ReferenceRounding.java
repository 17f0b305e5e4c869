package org.sparksae.core.nn;

import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.Precision;

/**
 * Rounds the sides of products to bfloat16, slowly, for models whose products have that precision;
 * those of others it leaves as they are.
 */
final class ReferenceRounding {
  /** Bits of the fraction. */
  private static final int BITS = 7;

  private final boolean rounds;
  private double nearestTie = Double.POSITIVE_INFINITY;

  ReferenceRounding(AutoencoderSpec spec) {
    this.rounds = spec.precision() == Precision.BFLOAT16;
  }

  /** Returns the nearest bfloat16; of two, the one whose last bit is 0. */
  double of(double value) {
    if (!rounds || value == 0) {
      return value;
    }
    double step = Math.scalb(1.0, Math.getExponent(value) - BITS);
    double steps = value / step;
    double rounded = Math.rint(steps);
    double fromTie = Math.abs(0.5 - Math.abs(steps - rounded));
    nearestTie = Math.min(nearestTie, fromTie / Math.abs(steps));
    return rounded * step;
  }

  /**
   * Returns how near to a tie, as a part of itself, a value has been: one that float computes a
   * little differently is rounded the other way there.
   */
  double nearestTie() {
    return nearestTie;
  }
}

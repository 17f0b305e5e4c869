package org.sparksae.core.model;

/** What counts as an active unit. */
public final class Codes {
  private Codes() {}

  /**
   * Whether a code is kept as a non-zero: it is not 0, and its magnitude is at least {@code
   * threshold}. A threshold of 0 drops exact zeros only; NaN is kept, so that it is seen.
   */
  public static boolean isActive(float code, double threshold) {
    return code != 0f && !(Math.abs(code) < threshold);
  }

  /** The least magnitude of an active code: {@link #isActive} is to be not below it, or NaN. */
  public static float leastActive(double threshold) {
    float nearest = (float) threshold;
    float least = nearest < threshold ? Math.nextUp(nearest) : nearest;
    return Math.max(least, Float.MIN_VALUE);
  }
}

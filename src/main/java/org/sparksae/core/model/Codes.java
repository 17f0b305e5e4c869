package org.sparksae.core.model;

/** Decides which latents (hidden units of the code) count as active. */
public final class Codes {
  private Codes() {}

  /**
   * Returns whether a value of a code is active: it is not 0, and its magnitude is at least {@code
   * threshold}. A threshold of 0 drops only exact zeros. NaN is active, so that it shows.
   */
  public static boolean isActive(float code, double threshold) {
    return code != 0f && !(Math.abs(code) < threshold);
  }

  /**
   * Returns the least magnitude of an active value: {@link #isActive} holds if the magnitude is not
   * below it, or is NaN.
   */
  public static float leastActive(double threshold) {
    float nearest = (float) threshold;
    float least = nearest < threshold ? Math.nextUp(nearest) : nearest;
    return Math.max(least, Float.MIN_VALUE);
  }
}

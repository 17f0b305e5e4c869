package org.sparksae.core.stats;

/** The cosine of the angle between a row and its reconstruction. */
public final class Cosine {
  private Cosine() {}

  /**
   * Returns {@code x x_hat / (|x| |x_hat|)}, from -1 to 1, by {@code 2 x x_hat = |x|^2 + |x_hat|^2
   * - |x - x_hat|^2}. It is 1 if both are 0, and 0 if one of them is.
   *
   * @param squaredInput {@code |x|^2}
   * @param squaredReconstruction {@code |x_hat|^2}
   * @param squaredError {@code |x - x_hat|^2}
   */
  public static double of(double squaredInput, double squaredReconstruction, double squaredError) {
    if (squaredInput == 0 || squaredReconstruction == 0) {
      return squaredInput == squaredReconstruction ? 1 : 0;
    }
    double product = (squaredInput + squaredReconstruction - squaredError) / 2;
    double cosine = product / (Math.sqrt(squaredInput) * Math.sqrt(squaredReconstruction));
    return Math.max(-1, Math.min(1, cosine));
  }
}

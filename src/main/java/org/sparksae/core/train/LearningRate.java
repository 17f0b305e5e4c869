package org.sparksae.core.train;

import java.io.Serializable;

/**
 * The schedule of Adam's learning rate, which rises linearly at the start and falls linearly at the
 * end.
 *
 * @param warmupSteps number of first steps, in which it rises to {@code stepSize}, 0 or more
 * @param decaySteps number of last steps, in which it falls to 0, 0 or more
 */
public record LearningRate(int warmupSteps, int decaySteps) implements Serializable {

  /** A constant learning rate. */
  public static final LearningRate CONSTANT = new LearningRate(0, 0);

  /**
   * Returns the factor of {@code stepSize} for a step.
   *
   * @param step number of the step, from 1
   * @param left number of steps left, including this one
   */
  double factor(long step, long left) {
    double warm = warmupSteps == 0 ? 1 : (double) step / warmupSteps;
    double decayed = decaySteps == 0 ? 1 : (double) left / decaySteps;
    return Math.min(1, Math.min(warm, decayed));
  }
}

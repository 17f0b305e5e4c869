package org.sparksae.core.train;

import java.io.Serializable;

/**
 * How Adam's learning rate rises at the start and falls at the end, in a line each.
 *
 * @param warmupSteps steps in which it rises to {@code stepSize}, 0 or more
 * @param decaySteps steps in which it falls to 0, the last of the training, 0 or more
 */
public record LearningRate(int warmupSteps, int decaySteps) implements Serializable {

  /** The same in all steps. */
  public static final LearningRate CONSTANT = new LearningRate(0, 0);

  /**
   * The part of {@code stepSize} that a step takes.
   *
   * @param step the step, from 1
   * @param left steps that are left, this one among them
   */
  double factor(long step, long left) {
    double warm = warmupSteps == 0 ? 1 : (double) step / warmupSteps;
    double decayed = decaySteps == 0 ? 1 : (double) left / decaySteps;
    return Math.min(1, Math.min(warm, decayed));
  }
}

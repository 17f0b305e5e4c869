package org.sparksae.core.train;

import java.io.Serializable;

/**
 * The length of a training, in steps. A step of adam is a mini-batch. A step of l-bfgs is an
 * iteration, so an epoch of it has one.
 *
 * @param stepsOfEpoch steps of a whole epoch, 1 or more
 * @param steps steps of the whole training, 0 or more
 * @param inSteps whether {@code maxSteps} sets the length; {@code maxIter} otherwise
 */
public record TrainingLength(long stepsOfEpoch, long steps, boolean inSteps)
    implements Serializable {

  /** The length of {@code maxIter} whole epochs. */
  public static TrainingLength ofEpochs(long stepsOfEpoch, int maxIter) {
    return new TrainingLength(stepsOfEpoch, maxIter * stepsOfEpoch, false);
  }

  /** The length of {@code maxSteps} steps, which may end inside an epoch. */
  public static TrainingLength ofSteps(long stepsOfEpoch, int maxSteps) {
    return new TrainingLength(stepsOfEpoch, maxSteps, true);
  }

  /** The length of {@code maxIter} iterations of l-bfgs. */
  public static TrainingLength ofIterations(int maxIter) {
    return ofEpochs(1, maxIter);
  }

  /**
   * Number of steps that a training has made.
   *
   * @param epochs number of complete epochs
   * @param part the part made of the next
   */
  public long made(int epochs, EpochPart part) {
    return epochs * stepsOfEpoch + part.steps();
  }

  /** Number of epochs; the last may be a part of one. */
  public int epochs() {
    return Math.toIntExact((steps + stepsOfEpoch - 1) / stepsOfEpoch);
  }

  /** The Param that sets the length. */
  public String param() {
    return inSteps ? "maxSteps" : "maxIter";
  }

  /** The value of that Param. */
  public long limit() {
    return limitFor(steps);
  }

  /** The least value of that Param with which a training makes so many steps. */
  public long limitFor(long made) {
    return inSteps ? made : (made + stepsOfEpoch - 1) / stepsOfEpoch;
  }
}

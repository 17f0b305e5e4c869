package org.sparksae.core.train;

/** Receives the progress of a training, in order, in the thread of the loop. */
@FunctionalInterface
public interface TrainingListener {
  /** Called after each iteration. */
  void iterationDone(IterationRecord iteration);

  /**
   * Called inside an epoch of mini-batches: after each step, or after a round of several.
   *
   * @param number number of the epoch, from 1
   * @param epoch the part of it that has been made
   */
  default void stepsDone(int number, EpochPart epoch) {}
}

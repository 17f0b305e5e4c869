package org.sparksae.core.train;

/** Receives the record of each iteration, in order, in the thread of the loop. */
@FunctionalInterface
public interface TrainingListener {
  /** Called after each iteration. */
  void iterationDone(IterationRecord iteration);
}

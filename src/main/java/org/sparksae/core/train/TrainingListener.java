package org.sparksae.core.train;

/** Is told of each iteration, in order, in the thread of the loop. */
@FunctionalInterface
public interface TrainingListener {
  /** An iteration is done. */
  void iterationDone(IterationRecord iteration);
}

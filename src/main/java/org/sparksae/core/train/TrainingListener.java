package org.sparksae.core.train;

/** Is told of each pass, in order, in the thread of the loop. */
@FunctionalInterface
public interface TrainingListener {
  /** A pass is done. */
  void iterationDone(IterationRecord iteration);
}

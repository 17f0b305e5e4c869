package org.sparksae.core.train;

/**
 * The complete state of a training between two steps. A training continues from it with the same
 * bits.
 */
public sealed interface RunState permits TrainingState, FullBatchState {
  /** Flat parameters, [p]. */
  float[] parameters();

  /** Other arrays that the training keeps. */
  TrainingBuffers buffers();

  /** History and stopping criteria. */
  TrainingProgress progress();

  /** The same state with other progress. */
  RunState withProgress(TrainingProgress progress);

  /** The result of the training if it ends here. */
  default TrainingResult result() {
    return progress().result(parameters(), buffers());
  }
}

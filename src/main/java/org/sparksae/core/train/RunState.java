package org.sparksae.core.train;

/** All that a training is between two iterations, so that it can go on from there in the same bits. */
public sealed interface RunState permits TrainingState, FullBatchState {
  /** Flat parameters, [p]. */
  float[] parameters();

  /** What it remembers beside these. */
  TrainingBuffers buffers();

  /** How far it has come. */
  TrainingProgress progress();

  /** The same, come otherwise far. */
  RunState withProgress(TrainingProgress progress);

  /** What the training gives if it ends here. */
  default TrainingResult result() {
    return progress().result(parameters(), buffers());
  }
}

package org.sparksae.core.train;

import org.sparksae.core.optim.Lbfgs;

/**
 * The complete state of an L-BFGS training between two iterations.
 *
 * @param parameters flat parameters, [p]
 * @param optimizer state of L-BFGS, in double; null before the first evaluation
 * @param progress history and stopping criteria
 */
public record FullBatchState(float[] parameters, Lbfgs.State optimizer, TrainingProgress progress)
    implements RunState {

  /** The state before the first evaluation. */
  public static FullBatchState start(float[] initial) {
    return new FullBatchState(initial, null, TrainingProgress.START);
  }

  /** Empty: firings are counted for mini-batches only. */
  @Override
  public TrainingBuffers buffers() {
    return TrainingBuffers.NONE;
  }

  @Override
  public FullBatchState withProgress(TrainingProgress other) {
    return new FullBatchState(parameters, optimizer, other);
  }
}

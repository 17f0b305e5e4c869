package org.sparksae.core.train;

import org.sparksae.core.optim.Lbfgs;

/**
 * All that a full-batch training is between two iterations.
 *
 * @param parameters flat parameters, [p]
 * @param optimizer where L-BFGS is, in double; null before the first evaluation
 * @param progress how far it has come
 */
public record FullBatchState(float[] parameters, Lbfgs.State optimizer, TrainingProgress progress)
    implements RunState {

  /** Before the first evaluation. */
  public static FullBatchState start(float[] initial) {
    return new FullBatchState(initial, null, TrainingProgress.START);
  }

  /** Empty: l-bfgs uses all rows in each iteration. */
  @Override
  public TrainingBuffers buffers() {
    return TrainingBuffers.NONE;
  }

  @Override
  public FullBatchState withProgress(TrainingProgress other) {
    return new FullBatchState(parameters, optimizer, other);
  }
}

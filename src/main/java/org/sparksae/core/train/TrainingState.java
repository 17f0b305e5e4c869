package org.sparksae.core.train;

import org.sparksae.core.optim.Adam;

/**
 * The complete state of a mini-batch training between two steps; what a checkpoint holds.
 *
 * @param parameters flat parameters, [p]
 * @param optimizer Adam's moments, [p]
 * @param buffers other arrays that the training keeps
 * @param progress history and stopping criteria
 */
public record TrainingState(
    float[] parameters, Adam.State optimizer, TrainingBuffers buffers, TrainingProgress progress)
    implements RunState {

  /** A state without buffers. */
  public TrainingState(float[] parameters, Adam.State optimizer, TrainingProgress progress) {
    this(parameters, optimizer, TrainingBuffers.NONE, progress);
  }

  /** The state before the first step. */
  public static TrainingState start(float[] initial) {
    return new TrainingState(initial, Adam.State.start(initial.length), TrainingProgress.START);
  }

  @Override
  public TrainingState withProgress(TrainingProgress other) {
    return new TrainingState(parameters, optimizer, buffers, other);
  }
}

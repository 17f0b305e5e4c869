package org.sparksae.core.train.checkpoint;

import org.sparksae.core.train.RunState;
import org.sparksae.core.train.StopReason;
import org.sparksae.core.train.TrainingMonitor;
import org.sparksae.core.train.TrainingProgress;

/**
 * The state of a training after an iteration, and the identity of the training.
 *
 * @param run identity of the training
 * @param tol convergence tolerance so far
 * @param state state of the training
 */
public record Checkpoint(RunIdentity run, double tol, RunState state) {

  /**
   * Returns the state to resume from with a tolerance. A training that had converged by a larger
   * tolerance continues.
   */
  public RunState resumedWith(double newTol) {
    TrainingProgress progress = state.progress();
    if (progress.stopReason() != StopReason.CONVERGED || newTol >= tol) {
      return state;
    }
    int iterations = progress.iterations();
    boolean stillConverged =
        iterations > 1
            && TrainingMonitor.isSmallChange(
                progress.history().get(iterations - 2).terms().total(),
                progress.history().get(iterations - 1).terms().total(),
                newTol);
    return stillConverged ? state : state.withProgress(progress.withStopReason(null));
  }
}

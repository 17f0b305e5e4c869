package org.sparksae.core.train.checkpoint;

import org.sparksae.core.train.RunState;
import org.sparksae.core.train.StopReason;
import org.sparksae.core.train.TrainingMonitor;
import org.sparksae.core.train.TrainingProgress;

/**
 * A training as it is after an iteration, and which training it is.
 *
 * @param run what it is of
 * @param tol the tolerance that it has been judged by so far
 * @param state where it is
 */
public record Checkpoint(RunIdentity run, double tol, RunState state) {

  /**
   * The state to go on from with a tolerance: what has stopped as converged by a larger one has not
   * stopped.
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

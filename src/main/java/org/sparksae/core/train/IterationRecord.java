package org.sparksae.core.train;

import java.io.Serializable;
import org.sparksae.core.model.ObjectiveTerms;

/**
 * The record of one iteration. An iteration of adam is an epoch: one visit of every row, in
 * mini-batches, or a part of it if {@code maxSteps} ended training. An iteration of l-bfgs is one
 * step, computed from all rows.
 *
 * @param iteration number of the iteration, from 1
 * @param terms the objective: at the iteration's end (L-BFGS), or averaged over its batches (Adam)
 * @param validationObjective objective of the validation rows at the iteration's end; NaN if there
 *     are none
 * @param rows number of rows visited; a line search may visit each row several times
 * @param seconds wall-clock time of the iteration; of models that are trained together, each counts
 *     the time of its own steps, and they take turns in counting the time of reading a batch
 */
public record IterationRecord(
    int iteration, ObjectiveTerms terms, double validationObjective, long rows, double seconds)
    implements Serializable {

  /** Rows per second. */
  public double rowsPerSecond() {
    return seconds > 0 ? rows / seconds : 0;
  }
}

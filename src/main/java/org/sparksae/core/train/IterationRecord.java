package org.sparksae.core.train;

import java.io.Serializable;
import org.sparksae.core.model.ObjectiveTerms;

/**
 * One pass, as it is reported.
 *
 * @param iteration the pass, from 1
 * @param terms the objective: at the pass's end (L-BFGS), or averaged over its batches (Adam)
 * @param validationObjective objective of the validation rows at the pass's end; NaN if there are
 *     none
 * @param rows rows visited in the pass, more than once where a line search looked again
 * @param seconds wall-clock time of the pass
 */
public record IterationRecord(
    int iteration, ObjectiveTerms terms, double validationObjective, long rows, double seconds)
    implements Serializable {

  /** Rows per second. */
  public double rowsPerSecond() {
    return seconds > 0 ? rows / seconds : 0;
  }
}

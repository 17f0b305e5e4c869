package org.sparksae.spark.ml.fit;

import java.util.List;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.core.train.StopReason;
import org.sparksae.core.train.UnitActivity;

/**
 * How one of the trainings of a fit went.
 *
 * @param name the {@link Stage}'s
 * @param history every iteration
 * @param stopReason why it ended
 * @param activity how active the units of its code were
 */
public record StageResult(
    String name, List<IterationRecord> history, StopReason stopReason, UnitActivity activity) {

  /** Iterations made. */
  int iterations() {
    return history.size();
  }
}

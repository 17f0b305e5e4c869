package org.sparksae.spark.ml.fit;

import java.util.List;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.core.train.StopReason;

/**
 * How one of the trainings of a fit went.
 *
 * @param name the {@link Stage}'s
 * @param history every pass
 * @param stopReason why it ended
 */
public record StageResult(String name, List<IterationRecord> history, StopReason stopReason) {

  /** Passes made. */
  int passes() {
    return history.size();
  }
}

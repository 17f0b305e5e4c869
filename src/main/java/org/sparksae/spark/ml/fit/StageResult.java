package org.sparksae.spark.ml.fit;

import java.util.List;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.core.train.StopReason;
import org.sparksae.core.train.TrainingLength;
import org.sparksae.core.train.UnitActivity;

/**
 * How one of the trainings of a fit went.
 *
 * @param name the {@link Stage}'s
 * @param history every iteration
 * @param stopReason why it ended
 * @param activity how active the units of its code were
 * @param steps number of steps that it made
 * @param length how long it could have been
 * @param inputScale factor of the rows that it learned from; the history is of these
 */
public record StageResult(
    String name,
    List<IterationRecord> history,
    StopReason stopReason,
    UnitActivity activity,
    long steps,
    TrainingLength length,
    float inputScale) {

  /** Iterations made. */
  int iterations() {
    return history.size();
  }

  /** Whether it ended inside an epoch. */
  public boolean endsInsideEpoch() {
    return steps % length.stepsOfEpoch() != 0;
  }

  /** Steps that it could have made, but did not. */
  long stepsLeft() {
    return length.steps() - steps;
  }
}

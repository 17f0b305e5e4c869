package org.sparksae.core.train;

import java.util.List;
import org.sparksae.core.collective.Collective;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.rows.PartitionRows;

/** A worker of a single training. */
final class OneTraining {
  private OneTraining() {}

  /** Trains until the training ends or pauses; it must not diverge. */
  static TrainingState run(
      TrainingWorker.Start start,
      PartitionRows rows,
      PartitionRows validation,
      Collective collective,
      Team team,
      double seconds) {
    TrainingWorker worker = new TrainingWorker(List.of(start), rows, validation, collective, team);
    TrainingWorker.End end = worker.run(seconds).get(0);
    if (end.divergence() != null) {
      throw end.divergence();
    }
    return end.state();
  }
}

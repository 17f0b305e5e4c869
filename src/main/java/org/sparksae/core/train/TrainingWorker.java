package org.sparksae.core.train;

import java.io.Serializable;
import org.sparksae.core.collective.Collective;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.ReadAhead;

/**
 * One worker of a mini-batch training. It runs the loop on its rows, together with all other
 * workers.
 *
 * <p>All workers see the same objectives, so they agree on when to stop, when to pause, and whether
 * the training has diverged.
 */
public final class TrainingWorker {
  private final TrainingState start;
  private final MiniBatchLoop loop;
  private final WorkerStep steps;
  private final Collective collective;

  /**
   * What all workers of a training have in common.
   *
   * @param spec the model
   * @param totalRows number of training rows of all workers
   */
  public record Job(AutoencoderSpec spec, TrainingSettings settings, long totalRows)
      implements Serializable {}

  /**
   * A worker that starts or continues a training.
   *
   * @param start state of the training, with Adam's moments of the range that this worker owns; not
   *     changed
   * @param rows this worker's rows
   * @param validation its validation rows; null, on all workers, if there are none
   */
  public TrainingWorker(
      Job job,
      TrainingState start,
      PartitionRows rows,
      PartitionRows validation,
      Collective collective,
      Team team) {
    this.start = start;
    this.collective = collective;
    this.steps =
        new WorkerStep(
            rows,
            start.parameters(),
            start.optimizer(),
            job.settings().optimizer().adam(),
            collective,
            team);
    GradientSource held =
        validation == null
            ? null
            : new GradientSource(job.spec(), new CollectiveSum(validation, collective));
    this.loop =
        new MiniBatchLoop(
            job.spec(), steps, job.totalRows(), held, job.settings(), epoch -> {}, start.buffers());
  }

  /**
   * Trains until the training ends, or pauses after some epochs or some time. How often it pauses
   * does not change the result.
   *
   * @param epochs largest number of epochs to run
   * @param seconds pause after the first epoch that ends after this time on any worker
   * @return the state at the end, as live arrays; parameters, buffers and progress are the same on
   *     all workers, Adam's moments are those of this worker's range
   * @throws DivergedException on all workers, at the same batch
   */
  public TrainingState run(int epochs, double seconds) {
    TrainingProgress reached;
    try (ReadAhead ahead = new ReadAhead()) {
      steps.readBy(ahead);
      reached = loop.run(start.progress(), pause(epochs, seconds));
    } finally {
      steps.readBy(null);
    }
    return new TrainingState(steps.parameters(), steps.optimizer(), loop.buffers(), reached);
  }

  private MiniBatchLoop.Pause pause(int epochs, double seconds) {
    long begin = System.nanoTime();
    return epoch -> {
      double[] elapsed = {(System.nanoTime() - begin) / 1e9};
      collective.allReduceMax(elapsed);
      return epoch - start.progress().iterations() >= epochs || elapsed[0] >= seconds;
    };
  }
}

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
  private final TrainingLength length;

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
    this.length = job.settings().length(job.totalRows());
  }

  /**
   * Trains until the training ends, or pauses after some epochs or some time. Where it pauses does
   * not change the result. If all steps have been made, it only records the epoch that {@code
   * maxSteps} ended inside.
   *
   * @param epochs pause at the latest at the end of so many epochs
   * @param seconds pause after the step that ends after this time on any worker
   * @return the state at the end, as live arrays; parameters, buffers and progress are the same on
   *     all workers, Adam's moments are those of this worker's range
   * @throws DivergedException on all workers, at the same batch
   */
  public TrainingState run(int epochs, double seconds) {
    RoundClock clock = new RoundClock(seconds, collective);
    int last = start.progress().iterations() + epochs;
    return run((complete, made) -> complete == last || clock.isOver());
  }

  /** Trains until the training ends or pauses. */
  TrainingState run(MiniBatchLoop.Pause pause) {
    TrainingProgress reached;
    try (ReadAhead ahead = new ReadAhead()) {
      steps.readBy(ahead);
      reached =
          start.progress().goesOn(length)
              ? loop.run(start.progress(), pause)
              : loop.finish(start.progress());
    } finally {
      steps.readBy(null);
    }
    return new TrainingState(steps.parameters(), steps.optimizer(), loop.buffers(), reached);
  }
}

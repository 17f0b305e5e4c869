package org.sparksae.core.train;

import java.io.Serializable;
import org.sparksae.core.collective.Collective;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.rows.PartitionRows;

/**
 * One worker of a mini-batch training: runs the loop with its rows, together with all others.
 *
 * <p>Every worker sees the same objectives and so takes the same decisions: when to stop, when to
 * pause, and that the training diverged.
 */
public final class TrainingWorker {
  private final TrainingState start;
  private final MiniBatchLoop loop;
  private final WorkerStep steps;
  private final Collective collective;

  /**
   * What all workers of a training are told.
   *
   * @param spec the model
   * @param totalRows training rows of all workers
   */
  public record Job(AutoencoderSpec spec, TrainingSettings settings, long totalRows)
      implements Serializable {}

  /**
   * A worker at some point of a training.
   *
   * @param start the training's state at that point, with Adam's moments of the range that this
   *     worker owns; not changed
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
   * Makes epochs until the training is done, or a number of epochs or some time is over; how often
   * it pauses does not change the result.
   *
   * @param epochs most epochs to make
   * @param seconds pause after the first epoch that ends later than that on any worker
   * @return the state then, with Adam's moments of this worker's range; live arrays, of which the
   *     parameters, buffers and progress are the same on all workers
   * @throws DivergedException on all workers, at the same batch
   */
  public TrainingState run(int epochs, double seconds) {
    long begin = System.nanoTime();
    TrainingProgress reached =
        loop.run(
            start.progress(),
            epoch -> {
              double[] elapsed = {(System.nanoTime() - begin) / 1e9};
              collective.allReduceMax(elapsed);
              return epoch - start.progress().iterations() >= epochs || elapsed[0] >= seconds;
            });
    return new TrainingState(steps.parameters(), steps.optimizer(), loop.buffers(), reached);
  }
}

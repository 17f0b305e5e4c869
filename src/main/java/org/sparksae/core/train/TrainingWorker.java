package org.sparksae.core.train;

import org.sparksae.core.collective.Collective;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.optim.Adam;

/**
 * One worker of a mini-batch training: runs the loop with its rows, together with all others.
 *
 * <p>Every worker sees the same objectives and so takes the same decisions: when to stop, when to
 * pause, and that the training diverged.
 */
public final class TrainingWorker {
  private final MiniBatchLoop loop;
  private final WorkerStep steps;
  private final Collective collective;

  /**
   * A worker at some point of a training.
   *
   * @param spec the model
   * @param totalRows training rows of all workers
   * @param rows this worker's
   * @param validation its validation rows; null, on all workers, if there are none
   * @param parameters flat parameters at that point, [p]
   * @param optimizer Adam's moments of the range that this worker owns
   * @param buffers what the training remembers
   * @param listener is told of each pass
   */
  public TrainingWorker(
      AutoencoderSpec spec,
      TrainingSettings settings,
      long totalRows,
      PartitionRows rows,
      PartitionRows validation,
      float[] parameters,
      Adam.State optimizer,
      TrainingBuffers buffers,
      Collective collective,
      Team team,
      TrainingListener listener) {
    this.collective = collective;
    this.steps =
        new WorkerStep(rows, parameters, optimizer, settings.optimizer().adam(), collective, team);
    GradientSource held =
        validation == null
            ? null
            : new GradientSource(spec, new CollectiveSum(validation, collective));
    this.loop = new MiniBatchLoop(spec, steps, totalRows, held, settings, listener, buffers);
  }

  /**
   * Makes passes until the training is done, or a number of passes or some time is over; how often
   * it pauses does not change the result.
   *
   * @param start how far the training has come
   * @param passes most passes to make
   * @param seconds pause after the first pass that ends later than that on any worker
   * @throws DivergedException on all workers, at the same batch
   */
  public TrainingProgress run(TrainingProgress start, int passes, double seconds) {
    long begin = System.nanoTime();
    return loop.run(
        start,
        pass -> {
          double[] elapsed = {(System.nanoTime() - begin) / 1e9};
          collective.allReduceMax(elapsed);
          return pass - start.passes() >= passes || elapsed[0] >= seconds;
        });
  }

  /** The flat parameters, [p]; the same on all workers. */
  public float[] parameters() {
    return steps.parameters();
  }

  /** Adam's moments of the range that this worker owns. */
  public Adam.State optimizer() {
    return steps.optimizer();
  }

  /** What the training remembers; the same on all workers. */
  public TrainingBuffers buffers() {
    return loop.buffers();
  }
}

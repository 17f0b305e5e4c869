package org.sparksae.core.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.sparksae.core.collective.Collective;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.ReadAhead;

/**
 * One worker of a mini-batch training, or of several in {@link Lockstep}. It runs the loop on its
 * rows, together with all other workers.
 *
 * <p>All workers see the same objectives, so they agree on when to stop, when to pause, and whether
 * a training has diverged.
 */
public final class TrainingWorker {
  private final List<Model> models = new ArrayList<>();
  private final WorkerRows rows;
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
   * Where a training starts or continues.
   *
   * @param state state of the training, with Adam's moments of the range that this worker owns; not
   *     changed
   * @param pause decides after which steps of this training all pause
   */
  public record Start(Job job, TrainingState state, MiniBatchLoop.Pause pause) {

    /** Pauses at the latest after {@code epochs} ends of epochs. */
    public static Start of(Job job, TrainingState state, int epochs) {
      int last = state.progress().iterations() + epochs;
      return new Start(job, state, (complete, steps) -> complete == last);
    }

    private boolean goesOn() {
      return state.progress().goesOn(job.settings().length(job.totalRows()));
    }
  }

  /**
   * Where a training has paused or ended.
   *
   * @param state its state, as live arrays; parameters, buffers and progress are the same on all
   *     workers, Adam's moments are those of this worker's range. Null if it has diverged
   * @param divergence why it has diverged, on all workers at the same batch; null if it has not
   */
  public record End(TrainingState state, DivergedException divergence) {}

  /**
   * A worker that starts or continues trainings.
   *
   * @param starts the trainings, which visit the same batches; the same on all workers
   * @param rows this worker's rows
   * @param validation its validation rows; null, on all workers, if there are none
   */
  public TrainingWorker(
      List<Start> starts,
      PartitionRows rows,
      PartitionRows validation,
      Collective collective,
      Team team) {
    this.collective = collective;
    this.rows = new WorkerRows(rows, collective.size() > 1, team);
    for (Start start : starts) {
      models.add(new Model(start, validation, team));
    }
  }

  /**
   * Trains until all trainings have ended, or all pause: where one of them does, or after some
   * time. Where they pause does not change the result. If a training has made all of its steps, it
   * only records the epoch that {@code maxSteps} ended inside.
   *
   * @param seconds pause after the step that ends after this time on any worker
   * @return the end of each training
   */
  public List<End> run(double seconds) {
    RoundClock clock = new RoundClock(seconds, collective);
    try (ReadAhead ahead = new ReadAhead()) {
      rows.readBy(ahead);
      Lockstep.run(models.stream().map(model -> model.loop).toList(), clock::isOver);
      return models.stream().map(Model::end).toList();
    } finally {
      rows.readBy(null);
    }
  }

  /** One training on this worker. */
  private final class Model {
    private final Start start;
    private final WorkerStep steps;
    private final MiniBatchLoop loop;

    Model(Start start, PartitionRows validation, Team team) {
      Job job = start.job();
      TrainingState state = start.state();
      Adam.Settings adam = job.settings().optimizer().adam();
      this.start = start;
      this.steps =
          new WorkerStep(rows, state.parameters(), state.optimizer(), adam, collective, team);
      GradientSource held =
          validation == null
              ? null
              : new GradientSource(job.spec(), new CollectiveSum(validation, collective));
      this.loop =
          new MiniBatchLoop(
              job.spec(),
              steps,
              job.totalRows(),
              held,
              job.settings(),
              epoch -> {},
              state.buffers());
      loop.begin(state.progress(), start.pause());
    }

    End end() {
      try {
        TrainingProgress reached =
            start.goesOn() ? loop.progress() : loop.finish(start.state().progress());
        return new End(
            new TrainingState(steps.parameters(), steps.optimizer(), loop.buffers(), reached),
            null);
      } catch (DivergedException diverged) {
        return new End(null, diverged);
      }
    }
  }
}

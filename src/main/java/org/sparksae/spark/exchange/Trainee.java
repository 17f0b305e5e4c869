package org.sparksae.spark.exchange;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.broadcast.Broadcast;
import org.sparksae.core.collective.Collective;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.train.DivergedException;
import org.sparksae.core.train.TrainingLength;
import org.sparksae.core.train.TrainingListener;
import org.sparksae.core.train.TrainingProgress;
import org.sparksae.core.train.TrainingState;
import org.sparksae.core.train.TrainingWorker;

/** One of the models that a {@link WorkerTraining} trains: its state between two rounds. */
public final class Trainee {
  private final TrainingWorker.Job job;
  private final TrainingLength length;
  private final TrainingListener listener;
  private final Checkpoints checkpoints;
  private TrainingState state;
  private RuntimeException failure;

  /**
   * Where a round has brought the model.
   *
   * @param state its state; null if it has diverged
   * @param divergence why it has diverged; null if it has not
   */
  record End(TrainingState state, String divergence) {}

  Trainee(
      TrainingWorker.Job job,
      TrainingState start,
      TrainingListener listener,
      Checkpoints checkpoints) {
    this.job = job;
    this.length = job.settings().length(job.totalRows());
    this.listener = listener;
    this.checkpoints = checkpoints;
    this.state = start;
  }

  /** Returns the state after the last complete round. */
  public TrainingState reached() {
    return state;
  }

  /**
   * Returns the final state.
   *
   * @throws RuntimeException what ended the training otherwise: it diverged, or a checkpoint could
   *     not be written
   */
  TrainingState end() {
    if (failure != null) {
      throw failure;
    }
    return state;
  }

  boolean hasFailed() {
    return failure != null;
  }

  /** Whether there are steps to make, or an epoch to record that {@code maxSteps} ended inside. */
  boolean isOpen() {
    return failure == null && (goesOn() || !state.progress().epoch().isEmpty());
  }

  private boolean goesOn() {
    return state.progress().goesOn(length);
  }

  /** Seconds until the next checkpoint by time, which may be 0 or less; or infinite. */
  double secondsToCheckpoint() {
    return checkpoints.secondsToNext();
  }

  /**
   * Returns the start of a round.
   *
   * @param workers number of workers, each of which gets the moments of its range
   */
  RoundTask.Model start(int workers, Function<float[], Broadcast<BulkArray>> broadcast) {
    int size = state.parameters().length;
    List<Adam.State> own =
        IntStream.range(0, workers)
            .mapToObj(
                rank ->
                    state
                        .optimizer()
                        .slice(
                            Collective.rangeStart(rank, workers, size),
                            Collective.rangeStart(rank + 1, workers, size)))
            .toList();
    return new RoundTask.Model(
        job,
        checkpoints.iterationsToNext(state.progress().iterations()),
        new RoundStart(state.progress().withBest(null), state.buffers()),
        new RoundTask.State(
            broadcast.apply(state.parameters()),
            state.optimizer().steps(),
            own.stream().map(Adam.State::firstMoment).map(broadcast).toList(),
            own.stream().map(Adam.State::secondMoment).map(broadcast).toList()));
  }

  /** Joins the workers' ranges to the whole state. */
  End together(List<RoundPart> parts) {
    if (parts.get(0).divergence() != null) {
      return new End(null, parts.get(0).divergence());
    }
    int size = state.parameters().length;
    float[] parameters = new float[size];
    Adam.State optimizer = new Adam.State(parts.get(0).steps(), new float[size], new float[size]);
    for (int r = 0; r < parts.size(); r++) {
      parts.get(r).copyTo(parameters, optimizer, Collective.rangeStart(r, parts.size(), size));
    }
    RoundStart reached = parts.get(0).reached();
    // The best parameters are sent only if they are new.
    float[] best = parts.get(0).best();
    TrainingProgress progress =
        reached.progress().withBest(best == null ? state.progress().best() : best);
    return new End(new TrainingState(parameters, optimizer, reached.buffers(), progress), null);
  }

  /** Goes on from the end of a round: reports it, and saves a checkpoint if one is due. */
  void goOnFrom(End end) {
    if (end.divergence() != null) {
      failure = new DivergedException(end.divergence());
      return;
    }
    boolean madeSteps = goesOn();
    TrainingProgress before = state.progress();
    state = end.state();
    report(before, state.progress());
    // The epoch that maxSteps ended inside is recorded after the last checkpoint.
    if (madeSteps) {
      keep();
    }
  }

  private void report(TrainingProgress before, TrainingProgress now) {
    now.history().stream().skip(before.iterations()).forEach(listener::iterationDone);
    if (!now.epoch().isEmpty()) {
      listener.stepsDone(now.iterations() + 1, now.epoch());
    }
  }

  /** A failure is this model's alone. */
  private void keep() {
    try {
      checkpoints.keep(state);
    } catch (RuntimeException failed) {
      failure = failed;
    }
  }
}

package org.sparksae.spark.exchange;

import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.Text;
import org.sparksae.core.train.RunState;
import org.sparksae.core.train.TrainingLength;
import org.sparksae.core.train.TrainingProgress;
import org.sparksae.core.train.checkpoint.Checkpoint;
import org.sparksae.core.train.checkpoint.RunIdentity;

/**
 * Saves the state of one training in a directory, every few iterations or minutes and at the end.
 * Resumes from the state that an earlier attempt at the same training saved.
 *
 * <p>A training that {@code maxSteps} ends inside an epoch saves the state before that epoch is
 * recorded, so that it can continue with a larger {@code maxSteps}.
 */
public final class Checkpoints {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

  private static final String ORDER =
      ". The number of rows is the same, but the rows, their order or their partitions differ: cache(), adaptive execution and repartition change order and partitions. To fix them, use repartition(n, key) and sortWithinPartitions(key) with a key that no two rows share, or write the rows to Parquet files and fit what is read from these";

  private final CheckpointStore store;
  private final RunIdentity run;
  private final Interval interval;
  private final TrainingLength length;
  private final double tol;
  private long lastKept = System.nanoTime();

  /**
   * What lies between two checkpoints.
   *
   * @param iterations number of iterations, 1 or more
   * @param minutes time after which a checkpoint is due as well, above 0; infinite for any time
   */
  public record Interval(int iterations, double minutes) {
    private static final Interval NEVER = new Interval(Integer.MAX_VALUE, Double.POSITIVE_INFINITY);
  }

  private Checkpoints(
      CheckpointStore store,
      RunIdentity run,
      Interval interval,
      TrainingLength length,
      double tol) {
    this.store = store;
    this.run = run;
    this.interval = interval;
    this.length = length;
    this.tol = tol;
  }

  /** Saves nothing. */
  public static Checkpoints none() {
    return new Checkpoints(null, null, Interval.NEVER, null, 0);
  }

  /**
   * Saves checkpoints in a directory.
   *
   * @param directory the value of checkpointDir: a path on any file system that Hadoop knows
   * @param below the training's subdirectory, created if missing; empty for the directory itself
   * @param run identity of the training
   * @param interval what lies between two checkpoints
   * @param length length of the whole training
   * @param tol convergence tolerance
   */
  public static Checkpoints in(
      String directory,
      String below,
      RunIdentity run,
      Interval interval,
      TrainingLength length,
      double tol,
      Configuration hadoop) {
    CheckpointStore store = CheckpointStore.of(directory, below, hadoop);
    return new Checkpoints(store, run, interval, length, tol);
  }

  /**
   * Rejects a directory with checkpoints that this training would ignore.
   *
   * @param directory the value of checkpointDir
   * @param below a subdirectory, which need not exist; empty for the directory itself
   * @param others the training that such checkpoints belong to, for the message
   * @throws IllegalArgumentException if there are any, damaged or not
   */
  public static void requireNone(
      String directory, String below, String others, Configuration hadoop) {
    CheckpointStore store = CheckpointStore.of(directory, below, hadoop);
    if (!store.isEmpty()) {
      throw new IllegalArgumentException(
          Text.format(
              "%s has checkpoints of %s; name another checkpointDir, or delete them to train anew",
              store.label(), others));
    }
  }

  /**
   * Returns the state to start from: that of the newest intact checkpoint, or {@code fresh} if
   * there are no checkpoints.
   *
   * @param fresh state before the first iteration
   * @throws IllegalArgumentException if the checkpoints are of another training (the message names
   *     the differences), or cannot be used for another reason
   */
  public <S extends RunState> S begin(S fresh) {
    if (store == null) {
      return fresh;
    }
    Optional<Checkpoint> newest = store.newest();
    if (newest.isPresent()) {
      require(newest.get());
    }
    S state = newest.isPresent() ? sameKind(newest.get().resumedWith(tol), fresh) : fresh;
    store.describe(run, state.progress(), length, tol);
    if (newest.isPresent()) {
      LOG.info(
          "resuming after {} of at most {} iterations, from the checkpoint in {}",
          CheckpointName.of(state.progress()),
          length.epochs(),
          store.directory());
    } else {
      LOG.info(
          "checkpoints every {} iterations{} to {}",
          interval.iterations(),
          minutes(),
          store.directory());
    }
    return state;
  }

  private void require(Checkpoint found) {
    List<String> differences = run.differences(found.run());
    if (!differences.isEmpty()) {
      throw new IllegalArgumentException(
          Text.format(
              "%s has checkpoints of another training: %s; name another checkpointDir, or delete it to train anew%s",
              store.label(),
              String.join("; ", differences),
              run.hasRowsOtherwise(found.run()) ? ORDER : ""));
    }
    long made = length.limitFor(found.state().progress().steps(length));
    if (made > length.limit()) {
      throw new IllegalArgumentException(
          Text.format(
              "%s must be %d or more, the %s of the checkpoint in %s, got %d; or name another checkpointDir",
              length.param(),
              made,
              length.inSteps() ? "steps" : "iterations",
              store.label(),
              length.limit()));
    }
  }

  private String minutes() {
    return interval.minutes() == Double.POSITIVE_INFINITY
        ? ""
        : Text.format(" and every %s minutes", interval.minutes());
  }

  @SuppressWarnings("unchecked")
  private <S extends RunState> S sameKind(RunState found, S fresh) {
    if (found.getClass() != fresh.getClass()
        || found.parameters().length != fresh.parameters().length) {
      throw new IllegalArgumentException(
          Text.format(
              "%s has a checkpoint that does not fit its own description: %s of %d parameters instead of %s of %d; delete it",
              store.label(),
              found.getClass().getSimpleName(),
              found.parameters().length,
              fresh.getClass().getSimpleName(),
              fresh.parameters().length));
    }
    return (S) found;
  }

  /** Number of iterations until the next checkpoint. */
  int iterationsToNext(int iterations) {
    return interval.iterations() - iterations % interval.iterations();
  }

  /** Number of seconds until the next checkpoint by time, which may be 0 or less; or infinite. */
  double secondsToNext() {
    return 60 * interval.minutes() - (System.nanoTime() - lastKept) / 1e9;
  }

  /**
   * Whether a checkpoint is due after a step.
   *
   * @param iterations number of complete iterations
   * @param steps number of steps in the epoch after them; 0 between epochs
   */
  public boolean isDue(int iterations, long steps) {
    return steps == 0 && iterations % interval.iterations() == 0 || secondsToNext() <= 0;
  }

  /**
   * Saves a state if a checkpoint is due or the training has ended.
   *
   * @throws java.io.UncheckedIOException if that fails; older checkpoints are then unchanged
   */
  public void keep(RunState state) {
    if (store == null) {
      return;
    }
    TrainingProgress progress = state.progress();
    if (!progress.goesOn(length) || isDue(progress.iterations(), progress.epoch().steps())) {
      store.write(new Checkpoint(run, tol, state));
      lastKept = System.nanoTime();
      store.describe(run, progress, length, tol);
    }
  }
}

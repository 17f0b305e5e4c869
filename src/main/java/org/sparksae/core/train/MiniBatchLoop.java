package org.sparksae.core.train;

import java.util.List;
import org.sparksae.core.Text;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.AuxK;
import org.sparksae.core.model.ObjectiveLayout;
import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.nn.code.CodeMemory;
import org.sparksae.core.rows.Batch;

/**
 * Synchronous mini-batch training. Each step uses the exact gradient of one global batch.
 *
 * <p>An epoch visits every row once, in an order that depends on the run's seed and the epoch. The
 * last batch may be smaller; it is averaged over its own size. Batches do not depend on how the
 * rows are partitioned.
 *
 * <p>Training may pause after any step, and may end inside an epoch. The record of an epoch is the
 * mean of its batches' terms, weighted by the weights of their rows.
 */
public final class MiniBatchLoop {
  private final BatchStep steps;
  private final long totalRows;
  private final TrainingSettings settings;
  private final TrainingLength length;
  private final StepSchedule schedule;
  private final List<String> terms;
  private final AuxK auxK;
  private final Firings firings;
  private final Resampling resampling;
  private final RunningThreshold threshold;
  private final GradientSource validation;
  private final TrainingListener listener;
  private final DivergenceGuard guard;
  private TrainingMonitor monitor;
  private Pause pause;
  private DivergedException divergence;

  /** Decides when a loop pauses, to be continued later. */
  @FunctionalInterface
  public interface Pause {
    /**
     * Whether to pause after a step. It is asked once after each step, but not after the last.
     *
     * @param epochs number of complete epochs
     * @param steps number of steps made in the epoch after them; 0 at the end of an epoch
     */
    boolean isAfter(int epochs, long steps);
  }

  /** Prepares a run without buffers. */
  public MiniBatchLoop(
      AutoencoderSpec spec,
      BatchStep steps,
      long totalRows,
      GradientSource validation,
      TrainingSettings settings,
      TrainingListener listener) {
    this(spec, steps, totalRows, validation, settings, listener, TrainingBuffers.NONE);
  }

  /**
   * Prepares a run.
   *
   * @param spec the model
   * @param steps makes the steps, and has the initial parameters
   * @param totalRows number of training rows
   * @param validation objective of the validation rows, or null
   * @param buffers the buffers of the training so far
   * @throws IllegalArgumentException if warm-up and decay together take more steps than the
   *     training has
   */
  public MiniBatchLoop(
      AutoencoderSpec spec,
      BatchStep steps,
      long totalRows,
      GradientSource validation,
      TrainingSettings settings,
      TrainingListener listener,
      TrainingBuffers buffers) {
    this.steps = steps;
    this.totalRows = totalRows;
    this.settings = settings;
    this.length = settings.length(totalRows);
    this.schedule = new StepSchedule(spec, settings, totalRows);
    this.terms = ObjectiveLayout.of(spec).terms();
    this.auxK = spec.code().form().loss().auxK();
    this.firings = new Firings(spec, buffers);
    this.resampling = new Resampling(spec, settings, buffers);
    this.threshold = new RunningThreshold(spec, buffers);
    this.validation = validation;
    this.listener = listener;
    this.guard = DivergenceGuard.of(settings.optimizer());
  }

  /**
   * Minimises the objective.
   *
   * @throws DivergedException at the first batch whose objective or gradient is not finite
   */
  public TrainingResult run() {
    TrainingProgress reached = run(TrainingProgress.START, (epochs, made) -> false);
    return finish(reached).result(steps.parameters(), buffers());
  }

  /**
   * Continues a training until it ends or pauses. The result has the same bits wherever it pauses.
   *
   * @param start progress of the training so far, which must fit the state of the steps
   * @throws DivergedException at the first batch whose objective or gradient is not finite
   */
  public TrainingProgress run(TrainingProgress start, Pause pause) {
    begin(start, pause);
    Lockstep.run(List.of(this), () -> false);
    return progress();
  }

  /**
   * Continues a training, by calls of {@link #step}.
   *
   * @param start progress of the training so far, which must fit the state of the steps
   */
  void begin(TrainingProgress start, Pause when) {
    monitor = new TrainingMonitor(validation, settings, listener, start);
    pause = when;
    divergence = null;
  }

  /** Whether there is another step to make. */
  boolean goesOn() {
    return divergence == null && monitor.goesOn(length);
  }

  /** Whether to pause after the last step. */
  boolean pauses() {
    return pause.isAfter(monitor.iterations(), monitor.epoch().steps());
  }

  /** Number of steps made since the beginning of the training. */
  long made() {
    return length.made(monitor.iterations(), monitor.epoch());
  }

  /** What decides which rows each batch has. */
  BatchOrder batchOrder() {
    return settings.batchOrder(totalRows);
  }

  /**
   * Makes the next step. A training that diverges does not go on.
   *
   * @param batch the rows of that step
   */
  void step(Batch batch) {
    monitor.startClock();
    try {
      monitor.stepDone(step(monitor.iterations() + 1, monitor.epoch().steps() + 1, batch));
      if (monitor.epoch().steps() == length.stepsOfEpoch()) {
        record(monitor, schedule.isSettled(monitor.iterations() + 1));
      }
    } catch (DivergedException diverged) {
      divergence = diverged;
    }
    monitor.stopClock();
  }

  /**
   * Returns the progress that the steps have reached.
   *
   * @throws DivergedException if the training has diverged
   */
  TrainingProgress progress() {
    if (divergence != null) {
      throw divergence;
    }
    return monitor.progress();
  }

  /**
   * Ends a training whose steps have been made: records the epoch that {@code maxSteps} ended
   * inside, if there is one. Such an epoch is not compared with the one before it. The training
   * cannot continue from the result, but from the progress before it, with a larger {@code
   * maxSteps}.
   */
  public TrainingProgress finish(TrainingProgress reached) {
    TrainingMonitor last = new TrainingMonitor(validation, settings, listener, reached);
    if (!reached.epoch().isEmpty()) {
      record(last, false);
    }
    return last.progress();
  }

  /** Returns the present buffers of the training. */
  public TrainingBuffers buffers() {
    return firings.buffers().and(threshold.buffers()).and(resampling.buffers());
  }

  /** Makes a step of an epoch; both count from 1. */
  private BatchStep.Result step(int epoch, long number, Batch batch) {
    long made = made();
    if (resampling.isDue(made)) {
      resampling.run(steps, firings);
    }
    if (number == 1) {
      firings.beginEpoch();
    }
    StepPlan plan = schedule.at(epoch, number).with(memory()).measuringRows(resampling.exists());
    BatchStep.Result result = steps.step(plan, batch);
    guard.check(
        result.terms(), result.finiteGradient(), Text.format("epoch %d, batch %d", epoch, number));
    firings.add(result.firings());
    threshold.add(made + 1, result.found());
    resampling.add(made + 1, batch, result);
    return result;
  }

  private CodeMemory memory() {
    int[] dead = auxK == null ? new int[0] : firings.silentFor(auxK.deadAfterRows());
    return new CodeMemory(dead, threshold.last());
  }

  private void record(TrainingMonitor ofEpoch, boolean settled) {
    EpochPart made = ofEpoch.epoch();
    ofEpoch.iterationDone(
        new ObjectiveTerms(terms, made.means()), steps.parameters(), made.rows(), settled);
    if (ofEpoch.isBest()) {
      threshold.isBest();
    }
  }
}

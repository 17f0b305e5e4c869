package org.sparksae.core.train;

import org.sparksae.core.Text;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ObjectiveLayout;
import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.Noise;
import org.sparksae.core.rows.RowOrder;

/**
 * Synchronous mini-batch training. Each step uses the exact gradient of one global batch.
 *
 * <p>An epoch visits every row once, in an order that depends on the run's seed and the epoch. The
 * last batch may be smaller; it is averaged over its own size. Batches do not depend on how the
 * rows are partitioned.
 */
public final class MiniBatchLoop {
  private final BatchStep steps;
  private final long totalRows;
  private final TrainingSettings settings;
  private final StepSchedule schedule;
  private final Firings firings;
  private final GradientSource validation;
  private final TrainingListener listener;
  private final DivergenceGuard guard;

  /** Decides when a loop pauses, to be continued later. */
  @FunctionalInterface
  public interface Pause {
    /** Whether to pause after an iteration, counted from 1. */
    boolean isAfter(int iteration);
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
    this.schedule = new StepSchedule(spec, settings, totalRows);
    this.firings = new Firings(spec, buffers);
    this.validation = validation;
    this.listener = listener;
    this.guard = DivergenceGuard.ofStepSize(settings.stepSize());
  }

  /**
   * Minimises the objective.
   *
   * @throws DivergedException at the first batch whose objective or gradient is not finite
   */
  public TrainingResult run() {
    return run(TrainingProgress.START, epoch -> false).result(steps.parameters(), buffers());
  }

  /**
   * Continues a training until it ends or pauses. The result has the same bits whenever it pauses.
   *
   * @param start progress of the training so far, which must fit the state of the steps
   * @throws DivergedException at the first batch whose objective or gradient is not finite
   */
  public TrainingProgress run(TrainingProgress start, Pause pause) {
    TrainingMonitor monitor = new TrainingMonitor(validation, settings, listener, start);
    boolean goOn = start.goesOn(settings.maxIter());
    for (int epoch = start.iterations() + 1; goOn && epoch <= settings.maxIter(); epoch++) {
      ObjectiveTerms terms = epoch(epoch);
      goOn =
          monitor.iterationDone(terms, steps.parameters(), totalRows, schedule.isSettled(epoch))
              && !pause.isAfter(epoch);
    }
    return monitor.progress();
  }

  /** Returns the present buffers of the training. */
  public TrainingBuffers buffers() {
    return firings.buffers();
  }

  /**
   * Runs an epoch and returns the mean of its batches' terms, weighted by the weights of their
   * rows.
   */
  private ObjectiveTerms epoch(int epoch) {
    RowOrder order = settings.orderAt(epoch, totalRows);
    AutoencoderSpec spec = schedule.specAt(epoch);
    Noise noise = settings.noiseAt(epoch);
    double[] sums = new double[ObjectiveLayout.of(spec).terms().size()];
    double weight = 0;
    int batch = 1;
    firings.beginEpoch();
    for (long from = 0; from < totalRows; from += settings.batchSize(), batch++) {
      long to = Math.min(from + settings.batchSize(), totalRows);
      BatchStep.Result result =
          steps.step(schedule.at(spec, epoch, batch), Batch.of(order, from, to).with(noise));
      guard.check(
          result.terms(), result.finiteGradient(), Text.format("epoch %d, batch %d", epoch, batch));
      for (int i = 0; i < sums.length; i++) {
        sums[i] += result.weight() * result.terms().values()[i];
      }
      weight += result.weight();
      firings.add(result.rows(), result.firings());
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] /= weight;
    }
    return new ObjectiveTerms(ObjectiveLayout.of(spec).terms(), sums);
  }
}

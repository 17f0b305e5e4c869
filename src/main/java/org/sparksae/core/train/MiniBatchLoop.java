package org.sparksae.core.train;

import org.sparksae.core.Text;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ObjectiveLayout;
import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.Noise;
import org.sparksae.core.rows.RowPermutation;

/**
 * Synchronous mini-batch training: each step takes the exact gradient of one global batch.
 *
 * <p>An epoch visits every row once, in an order seeded by the run's seed and the epoch; the last
 * batch may be smaller and is averaged over its true size. The batches do not depend on how the
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

  /** Whether to leave the loop, to go on later from where it came to. */
  @FunctionalInterface
  public interface Pause {
    /** Decides after an iteration, counted from 1. */
    boolean isAfter(int iteration);
  }

  /** A run that remembers nothing yet. */
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
   * A run.
   *
   * @param spec the model
   * @param steps makes the steps, from the parameters on that it has
   * @param totalRows number of training rows
   * @param validation objective of the validation rows, or null
   * @param buffers what the training remembers so far
   * @throws IllegalArgumentException if warm-up and decay take more steps than there are
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
   * Goes on where another loop came to, until it is done or pauses: equal bits, with whatever
   * pauses.
   *
   * @param start how far the training has come; the steps go on from there, too
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

  /** What the training remembers now. */
  public TrainingBuffers buffers() {
    return firings.buffers();
  }

  /** The terms of an epoch are the mean of its batches', each with the weight of its rows. */
  private ObjectiveTerms epoch(int epoch) {
    RowPermutation order = new RowPermutation(totalRows, settings.seed(), epoch);
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

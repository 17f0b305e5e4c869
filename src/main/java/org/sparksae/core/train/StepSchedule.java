package org.sparksae.core.train;

import org.sparksae.core.model.AutoencoderSpec;

/**
 * The plan of every step of a training.
 *
 * <pre>
 * learning rate of step n = 1 .. N, N = maxIter ceil(rows / batchSize):
 *   stepSize min(1, n / warmupSteps, (N - n + 1) / decaySteps)
 * </pre>
 *
 * <p>So the rate rises in a line over the first steps and falls in a line to 0 over the last, which
 * it would reach one step after the end. Without both it is {@code stepSize} throughout.
 */
final class StepSchedule {
  private final KSchedule ks;
  private final TrainingSettings settings;
  private final long batches;

  /**
   * A schedule.
   *
   * @param totalRows training rows
   * @throws IllegalArgumentException if the training has fewer steps than warm-up and decay take
   */
  StepSchedule(AutoencoderSpec spec, TrainingSettings settings, long totalRows) {
    this.ks = new KSchedule(spec, settings.kStart(), settings.maxIter());
    this.settings = settings;
    this.batches = settings.batches(totalRows);
    settings.requireEnoughSteps(totalRows);
  }

  /**
   * The plan of a step.
   *
   * @param spec the model as it is in the epoch, {@link #specAt}
   * @param epoch from 1
   * @param batch of the epoch, from 1
   */
  StepPlan at(AutoencoderSpec spec, int epoch, long batch) {
    LearningRate rate = settings.learningRate();
    long step = (epoch - 1) * batches + batch;
    long left = settings.maxIter() * batches - step + 1;
    return new StepPlan(
        spec, settings.stepSize() * rate.factor(step, left), settings.gradientClip());
  }

  /** The model as it is in an epoch, from 1. */
  AutoencoderSpec specAt(int epoch) {
    return ks.specAt(epoch);
  }

  /**
   * Whether the next epoch may be compared with this one: k has reached its final value, and the
   * learning rate has risen to {@code stepSize}. While the rate is low, the objective changes little
   * although training has hardly begun.
   */
  boolean isSettled(int epoch) {
    return ks.isOver(epoch) && epoch * batches >= settings.learningRate().warmupSteps();
  }
}

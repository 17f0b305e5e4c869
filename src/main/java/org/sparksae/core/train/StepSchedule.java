package org.sparksae.core.train;

import org.sparksae.core.model.AutoencoderSpec;

/**
 * The settings of every step of a training.
 *
 * <pre>
 * learning rate of step n = 1 .. N, N = maxIter ceil(rows / batchSize):
 *   stepSize min(1, n / warmupSteps, (N - n + 1) / decaySteps)
 * </pre>
 *
 * <p>The rate rises linearly over the first steps and falls linearly over the last; it would reach
 * 0 one step after the end. Without warm-up and decay it is always {@code stepSize}.
 */
final class StepSchedule {
  private final KSchedule ks;
  private final TrainingSettings settings;
  private final long batches;

  /**
   * A schedule.
   *
   * @param totalRows number of training rows
   * @throws IllegalArgumentException if the training has fewer steps than warm-up and decay take
   */
  StepSchedule(AutoencoderSpec spec, TrainingSettings settings, long totalRows) {
    this.ks = new KSchedule(spec, settings.kStart(), settings.maxIter());
    this.settings = settings;
    this.batches = settings.batches(totalRows);
    settings.requireEnoughSteps(totalRows);
  }

  /**
   * Returns the plan of a step.
   *
   * @param spec the model with the k of the epoch, from {@link #specAt}
   * @param epoch the epoch, from 1
   * @param batch the batch within the epoch, from 1
   */
  StepPlan at(AutoencoderSpec spec, int epoch, long batch) {
    LearningRate rate = settings.learningRate();
    long step = (epoch - 1) * batches + batch;
    long left = settings.maxIter() * batches - step + 1;
    return new StepPlan(
        spec, settings.stepSize() * rate.factor(step, left), settings.gradientClip());
  }

  /** Returns the model with the k of an epoch, from 1. */
  AutoencoderSpec specAt(int epoch) {
    return ks.specAt(epoch);
  }

  /**
   * Whether the next epoch may be compared with this one: k has reached its final value, and the
   * learning rate has risen to {@code stepSize}. While the rate is low, the objective changes
   * little although training has hardly begun.
   */
  boolean isSettled(int epoch) {
    return ks.isOver(epoch) && epoch * batches >= settings.learningRate().warmupSteps();
  }
}

package org.sparksae.core.train;

import org.sparksae.core.model.AutoencoderSpec;

/**
 * The settings of every step of a training.
 *
 * <pre>
 * learning rate of step n = 1 .. N, N = maxSteps, or else maxIter ceil(rows / batchSize):
 *   stepSize min(1, n / warmupSteps, (N - n + 1) / decaySteps)
 * </pre>
 *
 * <p>The rate rises linearly over the first steps and falls linearly over the last; it would reach
 * 0 one step after the end. Without warm-up and decay it is always {@code stepSize}.
 *
 * <p>The weight of the penalties rises linearly over the first {@code sparsityWarmupSteps}.
 *
 * <p>The k of a k-sparse code changes from epoch to epoch, or from step to step if {@code maxSteps}
 * sets the length, since the training may then be shorter than an epoch.
 */
final class StepSchedule {
  private final KSchedule ks;
  private final TrainingSettings settings;
  private final TrainingLength length;

  /**
   * A schedule.
   *
   * @param totalRows number of training rows
   * @throws IllegalArgumentException if the training has fewer steps than warm-up and decay take
   */
  StepSchedule(AutoencoderSpec spec, TrainingSettings settings, long totalRows) {
    this.settings = settings;
    this.length = settings.length(totalRows);
    this.ks = new KSchedule(spec, settings.kStart(), length.limit());
    settings.requireEnoughSteps(totalRows);
  }

  /**
   * Returns the plan of a step.
   *
   * @param epoch the epoch, from 1
   * @param batch the batch within the epoch, from 1
   */
  StepPlan at(int epoch, long batch) {
    LearningRate rate = settings.learningRate();
    long step = step(epoch, batch);
    long left = length.steps() - step + 1;
    return new StepPlan(
        ks.specAt(length.inSteps() ? step : epoch)
            .withSparsityTimes(settings.optimizer().sparsityFactor(step)),
        settings.stepSize() * rate.factor(step, left),
        settings.gradientClip());
  }

  /** Returns the number of a step in the whole training, from 1. */
  private long step(int epoch, long batch) {
    return (epoch - 1) * length.stepsOfEpoch() + batch;
  }

  /**
   * Whether the next epoch may be compared with this one: k and the penalties had their final
   * values from the first step, and the learning rate has risen to {@code stepSize}. While the rate
   * is low, the objective changes little although training has hardly begun.
   */
  boolean isSettled(int epoch) {
    return ks.isOver(length.inSteps() ? step(epoch, 1) : epoch)
        && settings.optimizer().sparsityFactor(step(epoch, 1)) == 1
        && epoch * length.stepsOfEpoch() >= settings.learningRate().warmupSteps();
  }
}

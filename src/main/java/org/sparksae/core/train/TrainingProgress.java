package org.sparksae.core.train;

import java.io.Serializable;
import java.util.List;

/**
 * The history of a training and the state of its stopping criteria: together with parameters and
 * buffers, all that is needed to continue as if it had never stopped.
 *
 * @param history every iteration so far, in order
 * @param lastObjective objective to compare the next iteration with; NaN for no comparison
 * @param bestValidation lowest objective of the validation rows so far; infinite if there is none
 * @param best parameters with that objective; null if there are no validation rows
 * @param iterationsSinceBest number of iterations since the validation objective clearly improved
 * @param stopReason why the training has ended; null if it has not
 * @param epoch the part made of the epoch after the last iteration; empty between epochs
 */
public record TrainingProgress(
    List<IterationRecord> history,
    double lastObjective,
    double bestValidation,
    float[] best,
    int iterationsSinceBest,
    StopReason stopReason,
    EpochPart epoch)
    implements Serializable {

  /** The progress before the first iteration. */
  public static final TrainingProgress START =
      new TrainingProgress(List.of(), Double.NaN, Double.POSITIVE_INFINITY, null, 0, null);

  /** The progress between two iterations. */
  public TrainingProgress(
      List<IterationRecord> history,
      double lastObjective,
      double bestValidation,
      float[] best,
      int iterationsSinceBest,
      StopReason stopReason) {
    this(
        history,
        lastObjective,
        bestValidation,
        best,
        iterationsSinceBest,
        stopReason,
        EpochPart.NONE);
  }

  /** The same progress with other best parameters. */
  public TrainingProgress withBest(float[] parameters) {
    return new TrainingProgress(
        history, lastObjective, bestValidation, parameters, iterationsSinceBest, stopReason, epoch);
  }

  /** The same progress with another reason to stop; null if training has not ended. */
  public TrainingProgress withStopReason(StopReason reason) {
    return new TrainingProgress(
        history, lastObjective, bestValidation, best, iterationsSinceBest, reason, epoch);
  }

  /** Number of complete iterations so far. */
  public int iterations() {
    return history.size();
  }

  /** Number of steps so far. */
  public long steps(TrainingLength length) {
    return length.made(iterations(), epoch);
  }

  /** Whether training continues, with at most the steps of a length. */
  public boolean goesOn(TrainingLength length) {
    return stopReason == null && steps(length) < length.steps();
  }

  /**
   * Returns the result of the training if it ends here.
   *
   * @param last present parameters; the result has the best ones instead if there are validation
   *     rows
   * @param buffers the training's buffers
   */
  public TrainingResult result(float[] last, TrainingBuffers buffers) {
    return new TrainingResult(
        best == null ? last : best,
        history,
        stopReason == null ? StopReason.MAX_ITER : stopReason,
        Firings.activity(buffers),
        RunningThreshold.of(buffers, best != null));
  }
}

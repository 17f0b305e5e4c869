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
 */
public record TrainingProgress(
    List<IterationRecord> history,
    double lastObjective,
    double bestValidation,
    float[] best,
    int iterationsSinceBest,
    StopReason stopReason)
    implements Serializable {

  /** The progress before the first iteration. */
  public static final TrainingProgress START =
      new TrainingProgress(List.of(), Double.NaN, Double.POSITIVE_INFINITY, null, 0, null);

  /** The same progress with other best parameters. */
  public TrainingProgress withBest(float[] parameters) {
    return new TrainingProgress(
        history, lastObjective, bestValidation, parameters, iterationsSinceBest, stopReason);
  }

  /** The same progress with another reason to stop; null if training has not ended. */
  public TrainingProgress withStopReason(StopReason reason) {
    return new TrainingProgress(
        history, lastObjective, bestValidation, best, iterationsSinceBest, reason);
  }

  /** Number of iterations so far. */
  public int iterations() {
    return history.size();
  }

  /** Whether training continues, with at most {@code maxIter} iterations in all. */
  public boolean goesOn(int maxIter) {
    return stopReason == null && iterations() < maxIter;
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
        Firings.activity(buffers));
  }
}

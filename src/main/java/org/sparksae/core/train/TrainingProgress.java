package org.sparksae.core.train;

import java.io.Serializable;
import java.util.List;

/**
 * How far a training has come, apart from its parameters: what is needed to go on as if it had
 * never stopped.
 *
 * @param history every iteration so far, in order
 * @param lastObjective what the next iteration is compared with; NaN for nothing
 * @param bestValidation lowest objective of the validation rows; infinite if there was none
 * @param best the parameters that had it; null if there are no validation rows
 * @param iterationsSinceBest iterations without a clearly better one
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

  /** Before the first iteration. */
  public static final TrainingProgress START =
      new TrainingProgress(List.of(), Double.NaN, Double.POSITIVE_INFINITY, null, 0, null);

  /** The same with other best parameters. */
  public TrainingProgress withBest(float[] parameters) {
    return new TrainingProgress(
        history, lastObjective, bestValidation, parameters, iterationsSinceBest, stopReason);
  }

  /** The same, ended for another reason; null if it has not ended. */
  public TrainingProgress withStopReason(StopReason reason) {
    return new TrainingProgress(
        history, lastObjective, bestValidation, best, iterationsSinceBest, reason);
  }

  /** Iterations done. */
  public int iterations() {
    return history.size();
  }

  /** Whether there is another iteration to make, of {@code maxIter} in all. */
  public boolean goesOn(int maxIter) {
    return stopReason == null && iterations() < maxIter;
  }

  /**
   * What the training gives if it ends here.
   *
   * @param last the parameters now; the result's, unless others were better on validation rows
   * @param buffers what the training remembers
   */
  public TrainingResult result(float[] last, TrainingBuffers buffers) {
    return new TrainingResult(
        best == null ? last : best,
        history,
        stopReason == null ? StopReason.MAX_ITER : stopReason,
        Firings.activity(buffers));
  }
}

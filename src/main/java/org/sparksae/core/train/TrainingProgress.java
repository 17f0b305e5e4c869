package org.sparksae.core.train;

import java.io.Serializable;
import java.util.List;

/**
 * How far a training has come, apart from its parameters: what is needed to go on as if it had
 * never stopped.
 *
 * @param history every pass so far, in order
 * @param lastObjective what the next pass is compared with; NaN for nothing
 * @param bestValidation lowest objective of the validation rows; infinite if there was none
 * @param best the parameters that had it; null if there are no validation rows
 * @param passesSinceBest passes without a clearly better one
 * @param stopReason why the training has ended; null if it has not
 */
public record TrainingProgress(
    List<IterationRecord> history,
    double lastObjective,
    double bestValidation,
    float[] best,
    int passesSinceBest,
    StopReason stopReason)
    implements Serializable {

  /** Before the first pass. */
  public static final TrainingProgress START =
      new TrainingProgress(List.of(), Double.NaN, Double.POSITIVE_INFINITY, null, 0, null);

  /** The same with other best parameters. */
  public TrainingProgress withBest(float[] parameters) {
    return new TrainingProgress(
        history, lastObjective, bestValidation, parameters, passesSinceBest, stopReason);
  }

  /** The same, ended for another reason; null if it has not ended. */
  public TrainingProgress withStopReason(StopReason reason) {
    return new TrainingProgress(
        history, lastObjective, bestValidation, best, passesSinceBest, reason);
  }

  /** Passes done. */
  public int passes() {
    return history.size();
  }

  /** Whether there is another pass to make, of {@code maxIter} in all. */
  public boolean goesOn(int maxIter) {
    return stopReason == null && passes() < maxIter;
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

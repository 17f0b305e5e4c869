package org.sparksae.core.train;

import java.io.Serializable;

/**
 * How active the units of a code were in mini-batch training, counted exactly.
 *
 * <p>Every row of a weight above 0 counts as one. The counts include the last epoch, even if
 * validation rows selected the parameters of an earlier one. If {@code maxSteps} ended training
 * inside the last epoch, its rows are those of the steps that were made.
 *
 * <p>Both arrays are empty if nothing was counted: after l-bfgs, without an epoch, and for codes
 * that are never exactly 0, such as those of a sigmoid.
 *
 * @param firingFrequencies share of the last epoch's rows in which each unit was active, with the
 *     activations that training kept, [units]
 * @param silentRows number of rows since each unit was last active, up to the end of the training;
 *     0 if it was active in the last batch, [units]
 * @param resampled number of times that a dead unit was replaced, with {@code resampleSteps}
 * @param candidateRows number of rows whose code was selected from candidates that a product in
 *     bfloat16 found; each row counts once in each epoch
 * @param candidateFallbacks number of these rows whose candidates might not have sufficed, so that
 *     all pre-activations were computed in float32. The code is the same either way
 */
public record UnitActivity(
    double[] firingFrequencies,
    long[] silentRows,
    long resampled,
    long candidateRows,
    long candidateFallbacks)
    implements Serializable {

  /** No counts. */
  public static final UnitActivity NONE = new UnitActivity(new double[0], new long[0], 0, 0, 0);
}

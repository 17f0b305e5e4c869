package org.sparksae.core.train;

import java.io.Serializable;

/**
 * How active the units of a code were in a training by mini-batches, counted exactly.
 *
 * <p>Every row counts as one, whatever its weight. The counts end with the last epoch, also where
 * validation rows chose the parameters of an earlier one.
 *
 * <p>Both arrays are empty where nothing was counted: after l-bfgs, without an epoch, and for codes
 * that are never exactly 0, such as those of a sigmoid.
 *
 * @param firingFrequencies the part of the last epoch's rows for which each unit was active, as
 *     training keeps activations, [units]
 * @param silentRows for how many rows, up to the end of the training, each unit has not been
 *     active; 0 if it was in the last batch, [units]
 */
public record UnitActivity(double[] firingFrequencies, long[] silentRows) implements Serializable {

  /** Nothing was counted. */
  public static final UnitActivity NONE = new UnitActivity(new double[0], new long[0]);
}

package org.sparksae.core.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The positions of the sums over rows from which the objective of a batch is computed, and the
 * names of its terms.
 *
 * <pre>
 * sums:  weight, rows, reconstruction, rowPenalty1 .. rowPenaltyK, auxiliary,
 *        firings of each unit of the code, rows that they count,
 *        rows whose code was selected from candidates, rows that fell back to all pre-activations
 * terms: reconstruction, weightDecay, sparsity1 .. sparsityK, auxiliary
 * </pre>
 *
 * <p>The weight is the sum of the row weights. A row penalty is the sum over the rows of a penalty
 * on single rows, and 0 for layers without one. Only some codes have the auxiliary term ({@link
 * CodeForm#hasAuxiliaryLoss}). Firings count the rows of a weight above 0 in which a unit is
 * active; only codes whose units can be silent have them. See {@link ObjectiveTerms} for the terms.
 *
 * @param depth K, the number of hidden layers
 * @param hasAuxiliary whether there is an auxiliary term
 * @param units number of units of the code with firings, or 0
 */
public record ObjectiveLayout(int depth, boolean hasAuxiliary, int units) {
  /** Name of the auxiliary term. */
  public static final String AUXILIARY = "auxiliary";

  /** Index of the sum of the row weights. */
  public static final int WEIGHT = 0;

  /** Index of the number of rows. */
  public static final int ROWS = 1;

  /** Index of {@code sum over i of weight_i 1/2 |x_hat_i - x_i|^2}. */
  public static final int RECONSTRUCTION = 2;

  private static final int PENALTIES = 3;

  /** Sums that follow the firings: rows that they count, candidates' rows, and fall-backs. */
  private static final int AFTER_FIRINGS = 3;

  /** Returns the layout for a model. */
  public static ObjectiveLayout of(AutoencoderSpec spec) {
    HiddenLayer code = spec.code();
    return new ObjectiveLayout(
        spec.depth(), code.form().hasAuxiliaryLoss(), code.canBeSilent() ? code.units() : 0);
  }

  /** Returns the index of the row penalty of hidden layer k, from 1. */
  public int penalty(int k) {
    return PENALTIES + k - 1;
  }

  /** Returns the index of the auxiliary loss, if there is one. */
  public int auxiliary() {
    return PENALTIES + depth;
  }

  /** Returns the index of the firings of the code's first unit. */
  public int firings() {
    return auxiliary() + (hasAuxiliary ? 1 : 0);
  }

  /** Returns the index of the number of rows whose code was selected from candidates. */
  public int candidates() {
    return firings() + units + 1;
  }

  /**
   * Returns a copy of the firings among the sums, followed by the number of rows that they count,
   * of rows whose code was selected from candidates, and of those that fell back, [units + 3];
   * empty without firings.
   */
  public double[] firingsIn(double[] sums) {
    return Arrays.copyOfRange(sums, firings(), length());
  }

  /** Returns the number of sums. */
  public int length() {
    return firings() + (units == 0 ? 0 : units + AFTER_FIRINGS);
  }

  /** Returns the names of the terms, in order. */
  public List<String> terms() {
    List<String> names = new ArrayList<>(List.of("reconstruction", "weightDecay"));
    for (int k = 1; k <= depth; k++) {
      names.add("sparsity" + k);
    }
    if (hasAuxiliary) {
      names.add(AUXILIARY);
    }
    return List.copyOf(names);
  }
}

package org.sparksae.core.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where the sums over rows lie from which a batch's objective is made, and what its terms are
 * called.
 *
 * <pre>
 * sums:  weight, rows, reconstruction, rowPenalty1 .. rowPenaltyK, firings of each unit of the code
 * terms: reconstruction, weightDecay, sparsity1 .. sparsityK
 * </pre>
 *
 * <p>The weight is the sum of the rows' weights; a row penalty is the sum over the rows of a
 * penalty of rows, and 0 for other layers. Firings count the rows in which a unit is active; only
 * units that can be silent have them. See {@link ObjectiveTerms} for the terms.
 *
 * @param depth K, the number of hidden layers
 * @param units units of the code that have firings
 */
public record ObjectiveLayout(int depth, int units) {
  /** Where the sum of the row weights is. */
  public static final int WEIGHT = 0;

  /** Where the number of rows is. */
  public static final int ROWS = 1;

  /** Where {@code sum over i of weight_i 1/2 |x_hat_i - x_i|^2} is. */
  public static final int RECONSTRUCTION = 2;

  private static final int PENALTIES = 3;

  /** That of a model. */
  public static ObjectiveLayout of(AutoencoderSpec spec) {
    HiddenLayer code = spec.code();
    return new ObjectiveLayout(spec.depth(), code.canBeSilent() ? code.units() : 0);
  }

  /** Where the row penalty of hidden layer k is, from 1. */
  public int penalty(int k) {
    return PENALTIES + k - 1;
  }

  /** Where the firings of the code's first unit are. */
  public int firings() {
    return PENALTIES + depth;
  }

  /** The firings among the sums, [units]; a copy. */
  public double[] firingsIn(double[] sums) {
    return Arrays.copyOfRange(sums, firings(), firings() + units);
  }

  /** How many sums there are. */
  public int length() {
    return firings() + units;
  }

  /** The names of the terms, in order. */
  public List<String> terms() {
    List<String> names = new ArrayList<>(List.of("reconstruction", "weightDecay"));
    for (int k = 1; k <= depth; k++) {
      names.add("sparsity" + k);
    }
    return List.copyOf(names);
  }
}

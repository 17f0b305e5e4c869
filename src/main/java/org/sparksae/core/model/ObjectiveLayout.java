package org.sparksae.core.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the sums over rows lie from which a batch's objective is made, and what its terms are
 * called.
 *
 * <pre>
 * sums:  weight, rows, reconstruction, rowPenalty1 .. rowPenaltyK
 * terms: reconstruction, weightDecay, sparsity1 .. sparsityK
 * </pre>
 *
 * <p>The weight is the sum of the rows' weights; a row penalty is the sum over the rows of a
 * penalty of rows, and 0 for other layers. See {@link ObjectiveTerms} for the terms.
 *
 * @param depth K, the number of hidden layers
 */
public record ObjectiveLayout(int depth) {
  /** Where the sum of the row weights is. */
  public static final int WEIGHT = 0;

  /** Where the number of rows is. */
  public static final int ROWS = 1;

  /** Where {@code sum over i of weight_i 1/2 |x_hat_i - x_i|^2} is. */
  public static final int RECONSTRUCTION = 2;

  private static final int PENALTIES = 3;

  /** That of a model. */
  public static ObjectiveLayout of(AutoencoderSpec spec) {
    return new ObjectiveLayout(spec.depth());
  }

  /** Where the row penalty of hidden layer k is, from 1. */
  public int penalty(int k) {
    return PENALTIES + k - 1;
  }

  /** How many sums there are. */
  public int length() {
    return PENALTIES + depth;
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

package org.sparksae.core.train;

import org.sparksae.core.nn.EncodedBatch;
import org.sparksae.core.rows.RowBlock;

/**
 * {@code [sum of weights, sum over i of weight_i h_i for every unit of every hidden layer]}.
 *
 * @param units of all hidden layers
 */
record MeanActivations(int units) implements Question {

  @Override
  public int sums() {
    return 1 + units;
  }

  @Override
  public void answer(EncodedBatch encoded, RowBlock rows, double[] sums) {
    sums[0] += rows.totalWeight();
    encoded.addHiddenSums(rows.weights(), sums, 1);
  }

  /** Mean activations from these sums, [hiddenUnits]; 0 where all rows weigh 0. */
  static double[] of(double[] sums) {
    double[] means = new double[sums.length - 1];
    if (sums[0] == 0) {
      return means;
    }
    for (int j = 0; j < means.length; j++) {
      means[j] = sums[j + 1] / sums[0];
    }
    return means;
  }
}

package org.sparksae.core.train;

import org.sparksae.core.nn.EncodedBatch;
import org.sparksae.core.rows.RowBlock;

/**
 * Sums for the mean activations: {@code [sum of weights, sum over i of weight_i h_i for every unit
 * of every hidden layer]}.
 *
 * @param units number of units of all hidden layers
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

  /** Computes mean activations from these sums, [hiddenUnits]; 0 if all weights are 0. */
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

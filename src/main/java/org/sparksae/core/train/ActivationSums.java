package org.sparksae.core.train;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.nn.Autoencoder;
import org.sparksae.core.nn.AutoencoderSpec;

/**
 * The first phase: {@code [sum of weights, sum over i of weight_i h_i for every unit of every
 * hidden layer]}.
 *
 * @param spec the model
 * @param batch the rows
 */
record ActivationSums(AutoencoderSpec spec, Batch batch) implements PartitionFunction {

  @Override
  public double[] apply(float[] parameters, PartitionRows rows) {
    double[] sums = new double[1 + spec.hiddenUnits()];
    Autoencoder autoencoder = new Autoencoder(spec, spec.tileRows());
    rows.forEachTile(
        batch,
        spec.tileRows(),
        tile -> {
          autoencoder.encode(parameters, (DenseRows) tile.rows());
          sums[0] += tile.totalWeight();
          addHidden(spec, autoencoder, tile.weights(), sums, 1);
        });
    return sums;
  }

  /** Adds the weighted sums of every hidden unit, layer after layer, at {@code sums[from]}. */
  static void addHidden(
      AutoencoderSpec spec, Autoencoder autoencoder, float[] weights, double[] sums, int from) {
    int offset = from;
    for (int k = 1; k <= spec.depth(); k++) {
      DenseRows hidden = autoencoder.hidden(k);
      Kernels.addWeightedColumnSums(hidden, weights, sums, offset);
      offset += hidden.columns();
    }
  }

  /** Mean activations from these sums, [hiddenUnits]; 0 where all rows weigh 0. */
  static double[] means(double[] sums) {
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

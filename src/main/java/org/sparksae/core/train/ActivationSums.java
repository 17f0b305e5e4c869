package org.sparksae.core.train;

import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.nn.Autoencoder;

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
    try (Workspace workspace = Workspace.lend(spec, batch)) {
      rows.forEachTile(
          batch,
          workspace.rowBuffer(),
          tile -> addTile(workspace.autoencoder(), parameters, tile, sums));
    }
    return sums;
  }

  /** Encodes a tile and adds its sums; the autoencoder has its activations afterwards. */
  static void addTile(Autoencoder autoencoder, float[] parameters, RowBlock tile, double[] sums) {
    autoencoder.encode(parameters, tile.inputs());
    sums[0] += tile.totalWeight();
    autoencoder.addHiddenSums(tile.weights(), sums, 1);
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

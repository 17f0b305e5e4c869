package org.sparksae.core.train;

import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.nn.Autoencoder;

/**
 * {@code [sum of weights, reconstruction, row penalty of each layer]}, each a sum over rows: the
 * objective without its gradient.
 *
 * @param spec the model
 * @param batch the rows
 * @param thresholds of lifetime sparsity over the whole batch, [codeSize], or null without
 */
record ObjectiveSums(AutoencoderSpec spec, Batch batch, float[] thresholds)
    implements PartitionFunction {
  static final int WEIGHT = 0;
  static final int RECONSTRUCTION = 1;
  static final int PENALTIES = 2;

  @Override
  public double[] apply(float[] parameters, PartitionRows rows) {
    double[] sums = new double[PENALTIES + spec.depth()];
    try (Workspace workspace = Workspace.lend(spec, batch)) {
      rows.forEachTile(
          batch,
          workspace.rowBuffer(),
          tile -> addTile(workspace.autoencoder(), parameters, tile, sums));
    }
    return sums;
  }

  private void addTile(Autoencoder autoencoder, float[] parameters, RowBlock tile, double[] sums) {
    autoencoder.encode(parameters, tile.inputs());
    autoencoder.keepWinners(thresholds);
    autoencoder.decode(parameters);
    sums[WEIGHT] += tile.totalWeight();
    sums[RECONSTRUCTION] +=
        0.5 * Errors.squared(autoencoder.reconstruction(), tile.rows(), tile.weights());
    autoencoder.addRowPenalties(tile.weights(), sums, PENALTIES);
  }
}

package org.sparksae.core.train;

import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.nn.Autoencoder;

/**
 * The second phase: {@code [sum of weights, rows, reconstruction, row penalty of each layer,
 * gradient]}, each a sum over rows at given mean activations and thresholds.
 *
 * @param spec the model
 * @param batch the rows
 * @param means mean activation of every hidden unit over the whole batch, or null if no penalty
 *     needs them
 * @param thresholds of lifetime sparsity over the whole batch, [codeSize], or null without
 */
record GradientSums(AutoencoderSpec spec, Batch batch, double[] means, float[] thresholds)
    implements PartitionFunction {

  static final int WEIGHT = 0;
  static final int ROWS = 1;
  static final int RECONSTRUCTION = 2;
  static final int PENALTIES = 3;

  static int gradientOffset(AutoencoderSpec spec) {
    return PENALTIES + spec.depth();
  }

  @Override
  public double[] apply(float[] parameters, PartitionRows rows) {
    double[] sums = new double[gradientOffset(spec) + parameters.length];
    float[][] slopes = Objectives.slopes(spec, means);
    try (Workspace workspace = Workspace.lend(spec, batch)) {
      rows.forEachTile(
          batch,
          workspace.rowBuffer(),
          tile -> addTile(spec, workspace, parameters, tile, slopes, thresholds, sums));
    }
    return sums;
  }

  /**
   * One tile's gradient is made in float, and added up in double: a partition may have millions of
   * tiles.
   */
  static void addTile(
      AutoencoderSpec spec,
      Workspace workspace,
      float[] parameters,
      RowBlock tile,
      float[][] slopes,
      float[] thresholds,
      double[] sums) {
    Autoencoder autoencoder = workspace.autoencoder();
    double[] penalties = new double[spec.depth()];
    autoencoder.encode(parameters, tile.inputs());
    autoencoder.keepWinners(thresholds);
    autoencoder.decode(parameters);
    double squaredError =
        autoencoder.backward(
            parameters,
            tile.inputs(),
            tile.rows(),
            tile.weights(),
            slopes,
            penalties,
            workspace.gradient(),
            false);
    sums[WEIGHT] += tile.totalWeight();
    sums[ROWS] += tile.rows().rows();
    sums[RECONSTRUCTION] += 0.5 * squaredError;
    for (int k = 0; k < penalties.length; k++) {
      sums[PENALTIES + k] += penalties[k];
    }
    Kernels.addTo(workspace.gradient(), sums, gradientOffset(spec));
  }
}

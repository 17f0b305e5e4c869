package org.sparksae.core.train;

import java.util.Arrays;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.nn.Autoencoder;
import org.sparksae.core.nn.AutoencoderSpec;
import org.sparksae.core.nn.Sparsity;

/**
 * The second phase: {@code [sum of weights, rows, reconstruction, row penalty of each layer,
 * gradient]}, each a sum over rows at given mean activations.
 *
 * @param spec the model
 * @param batch the rows
 * @param means mean activation of every hidden unit over the whole batch, or null if no penalty
 *     needs them
 */
record GradientSums(AutoencoderSpec spec, Batch batch, double[] means)
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
    Autoencoder autoencoder = new Autoencoder(spec, spec.tileRows());
    float[][] slopes = slopes();
    float[] gradient = new float[parameters.length];
    rows.forEachTile(
        batch,
        spec.tileRows(),
        tile -> addTile(autoencoder, parameters, tile, slopes, gradient, sums));
    return sums;
  }

  /**
   * One tile's gradient is made in float, and added up in double: a partition may have millions of
   * tiles.
   */
  private void addTile(
      Autoencoder autoencoder,
      float[] parameters,
      RowBlock tile,
      float[][] slopes,
      float[] gradient,
      double[] sums) {
    double[] penalties = new double[spec.depth()];
    Arrays.fill(gradient, 0f);
    DenseRows x = (DenseRows) tile.rows();
    autoencoder.reconstruct(parameters, x);
    autoencoder.backward(parameters, x, tile.weights(), slopes, penalties, gradient);
    sums[WEIGHT] += tile.totalWeight();
    sums[ROWS] += x.rows();
    sums[RECONSTRUCTION] += 0.5 * Errors.squared(autoencoder.reconstruction(), x, tile.weights());
    for (int k = 0; k < penalties.length; k++) {
      sums[PENALTIES + k] += penalties[k];
    }
    Kernels.addTo(gradient, sums, gradientOffset(spec));
  }

  private float[][] slopes() {
    float[][] slopes = new float[spec.depth()][];
    int from = 0;
    for (int k = 0; k < slopes.length; k++) {
      Sparsity sparsity = spec.hiddenLayers().get(k).sparsity();
      int units = spec.size(k + 1);
      if (sparsity.needsMeans()) {
        slopes[k] = sparsity.slopesOfMeans(means, from, units);
      }
      from += units;
    }
    return slopes;
  }
}

package org.sparksae.core.stats;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.nn.Autoencoder;
import org.sparksae.core.nn.Errors;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.PartitionFunction;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.train.Workspace;

/**
 * A histogram of the reconstruction errors by half of their bits: the weight of the rows for each
 * value of the half. Errors are floats, 0 or more.
 *
 * @param spec the model
 * @param upper counts errors with this upper half by their lower half; {@link #ALL} counts all
 *     errors by their upper half
 */
record ErrorCounts(AutoencoderSpec spec, int upper) implements PartitionFunction {
  /** Half of the bits of a float. */
  static final int BITS = 16;

  private static final int ALL = -1;

  static ErrorCounts ofUpperBits(AutoencoderSpec spec) {
    return new ErrorCounts(spec, ALL);
  }

  static ErrorCounts ofLowerBits(AutoencoderSpec spec, int upper) {
    return new ErrorCounts(spec, upper);
  }

  @Override
  public double[] apply(float[] parameters, PartitionRows rows) {
    double[] weights = new double[1 << BITS];
    try (Workspace workspace = Workspace.lend(spec, Batch.ALL)) {
      rows.forEachTile(
          Batch.ALL,
          workspace.gatheredRows(),
          tile -> addTile(workspace.autoencoder(), parameters, tile, weights));
    }
    return weights;
  }

  private void addTile(
      Autoencoder autoencoder, float[] parameters, RowBlock tile, double[] weights) {
    DenseRows reconstruction = autoencoder.encode(parameters, tile.inputs()).reconstruct();
    for (int i = 0; i < tile.rows().rows(); i++) {
      float error = (float) Errors.meanSquared(reconstruction, tile.rows(), i);
      int bits = Float.floatToRawIntBits(error);
      if (upper == ALL) {
        weights[bits >>> BITS] += tile.weight(i);
      } else if (bits >>> BITS == upper) {
        weights[bits & (1 << BITS) - 1] += tile.weight(i);
      }
    }
  }
}

package org.sparksae.core.train;

import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.nn.Autoencoder;
import org.sparksae.core.nn.UnitThresholds;

/**
 * One round of the search for the thresholds of lifetime sparsity: what the activations of the code
 * weigh by a digit of their bits.
 *
 * @param spec the model
 * @param batch the rows
 * @param digit what is asked for
 */
record DigitSums(AutoencoderSpec spec, Batch batch, UnitThresholds.Digit digit)
    implements PartitionFunction {

  /** Rounds cost more than their sums where each is a look at all rows: few, of long digits. */
  static final int DIGIT_BITS = 8;

  @Override
  public double[] apply(float[] parameters, PartitionRows rows) {
    double[] sums = new double[digit.sums()];
    try (Workspace workspace = Workspace.lend(spec, batch)) {
      Autoencoder autoencoder = workspace.autoencoder();
      rows.forEachTile(
          batch,
          workspace.rowBuffer(),
          tile -> {
            autoencoder.encode(parameters, tile.inputs());
            autoencoder.addToThresholds(digit, tile.weights(), tile.totalWeight(), sums);
          });
    }
    return sums;
  }
}

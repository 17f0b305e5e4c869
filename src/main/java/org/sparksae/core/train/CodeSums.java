package org.sparksae.core.train;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.nn.Autoencoder;
import org.sparksae.core.nn.AutoencoderSpec;
import org.sparksae.core.nn.Codes;

/**
 * What a trained model does with the data: {@code [sum of weights, rows, sum of weight |x_hat -
 * x|^2, sum of weight |x|^2, weighted sums of the inputs (d), weighted sums of every hidden unit,
 * rows in which each code unit is active]}.
 *
 * @param spec the model
 * @param activationThreshold codes of smaller magnitude count as zero
 */
record CodeSums(AutoencoderSpec spec, double activationThreshold) implements PartitionFunction {
  static final int WEIGHT = 0;
  static final int ROWS = 1;
  static final int SQUARED_ERROR = 2;
  static final int SQUARED_INPUT = 3;
  static final int INPUTS = 4;

  int hiddenOffset() {
    return INPUTS + spec.inputSize();
  }

  int activeOffset() {
    return hiddenOffset() + spec.hiddenUnits();
  }

  @Override
  public double[] apply(float[] parameters, PartitionRows rows) {
    double[] sums = new double[activeOffset() + spec.codeSize()];
    Autoencoder autoencoder = new Autoencoder(spec, spec.tileRows());
    rows.forEachTile(
        Batch.ALL, spec.tileRows(), tile -> addTile(autoencoder, parameters, tile, sums));
    return sums;
  }

  private void addTile(Autoencoder autoencoder, float[] parameters, RowBlock tile, double[] sums) {
    DenseRows x = (DenseRows) tile.rows();
    autoencoder.reconstruct(parameters, x);
    sums[WEIGHT] += tile.totalWeight();
    sums[ROWS] += x.rows();
    sums[SQUARED_ERROR] += Errors.squared(autoencoder.reconstruction(), x, tile.weights());
    for (int i = 0; i < x.rows(); i++) {
      sums[SQUARED_INPUT] +=
          tile.weight(i) * Kernels.squaredNorm(x.values(), x.rowOffset(i), x.columns());
    }
    Kernels.addWeightedColumnSums(x, tile.weights(), sums, INPUTS);
    ActivationSums.addHidden(spec, autoencoder, tile.weights(), sums, hiddenOffset());
    addActive(autoencoder.code(), sums);
  }

  private void addActive(DenseRows code, double[] sums) {
    for (int i = 0; i < code.rows(); i++) {
      int start = code.rowOffset(i);
      for (int j = 0; j < code.columns(); j++) {
        if (Codes.isActive(code.values()[start + j], activationThreshold)) {
          sums[activeOffset() + j]++;
        }
      }
    }
  }
}

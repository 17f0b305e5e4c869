package org.sparksae.core.train;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.nn.Autoencoder;
import org.sparksae.core.nn.AutoencoderSpec;
import org.sparksae.core.nn.Codes;

/**
 * What a trained model does with the data: {@code [sum of weights, rows, sum of weight |x_hat -
 * x|^2, sum of weight |x|^2, weighted sums of the inputs (d), weighted sums of every hidden unit,
 * how often each code unit is active]}; a map may be active at several positions of a row.
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
    double[] sums = new double[activeOffset() + spec.units(spec.depth())];
    try (Workspace workspace = Workspace.lend(spec, Batch.ALL)) {
      rows.forEachTile(
          Batch.ALL,
          workspace.rowBuffer(),
          tile -> addTile(workspace.autoencoder(), parameters, tile, sums));
    }
    return sums;
  }

  private void addTile(Autoencoder autoencoder, float[] parameters, RowBlock tile, double[] sums) {
    autoencoder.reconstruct(parameters, tile.rows());
    sums[WEIGHT] += tile.totalWeight();
    sums[ROWS] += tile.rows().rows();
    sums[SQUARED_ERROR] +=
        Errors.squared(autoencoder.reconstruction(), tile.rows(), tile.weights());
    addInputs(tile, sums);
    autoencoder.addHiddenSums(tile.weights(), sums, hiddenOffset());
    addActive(autoencoder.code(), sums);
  }

  private static void addInputs(RowBlock tile, double[] sums) {
    if (tile.rows() instanceof DenseRows x) {
      for (int i = 0; i < x.rows(); i++) {
        sums[SQUARED_INPUT] +=
            tile.weight(i) * Kernels.squaredNorm(x.values(), x.rowOffset(i), x.columns());
      }
      Kernels.addWeightedColumnSums(x, tile.weights(), sums, INPUTS);
    } else {
      SparseRows x = (SparseRows) tile.rows();
      for (int i = 0; i < x.rows(); i++) {
        int length = x.end(i) - x.start(i);
        sums[SQUARED_INPUT] += tile.weight(i) * Kernels.squaredNorm(x.values(), x.start(i), length);
      }
      x.addWeightedColumnSums(tile.weights(), sums, INPUTS);
    }
  }

  private void addActive(Rows code, double[] sums) {
    int active = activeOffset();
    int positions = spec.codeSize() / spec.units(spec.depth());
    float least = Codes.leastActive(activationThreshold);
    if (code instanceof DenseRows dense) {
      int[] counts = new int[dense.columns()];
      for (int i = 0; i < dense.rows(); i++) {
        countActive(dense.values(), dense.rowOffset(i), least, counts);
      }
      for (int j = 0; j < counts.length; j++) {
        sums[active + j / positions] += counts[j];
      }
    } else {
      SparseRows sparse = (SparseRows) code;
      for (int p = sparse.start(0); p < sparse.start(0) + sparse.entries(); p++) {
        sums[active + sparse.indices()[p] / positions] += isActive(sparse.values()[p], least);
      }
    }
  }

  private static void countActive(float[] codes, int from, float least, int[] counts) {
    for (int j = 0; j < counts.length; j++) {
      counts[j] += isActive(codes[from + j], least);
    }
  }

  /** 1 or 0; a branch would be guessed wrong half the time. */
  private static int isActive(float code, float least) {
    return Math.abs(code) < least ? 0 : 1;
  }
}

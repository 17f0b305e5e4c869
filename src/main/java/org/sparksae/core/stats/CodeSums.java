package org.sparksae.core.stats;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.Codes;
import org.sparksae.core.nn.EncodedBatch;
import org.sparksae.core.nn.Errors;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.PartitionFunction;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.train.Workspace;

/**
 * Sums over the rows of a partition from which {@link CodeStatistics} are computed, with row
 * weights w:
 *
 * <pre>
 * [sum of w, rows, sum of w |x_hat - x|^2, sum of w x (d), sum of w x^2 (d),
 *  then of each hidden layer: sum of w h (units), sum of w h^2 (units), sum of w [h is active] (units)]
 * </pre>
 *
 * <p>An h below the threshold counts as 0. The positions of a map are added up.
 *
 * @param form the code to measure
 */
record CodeSums(MeasuredCode form) implements PartitionFunction {
  static final int WEIGHT = 0;
  static final int ROWS = 1;
  static final int SQUARED_ERROR = 2;
  static final int INPUTS = 3;

  AutoencoderSpec spec() {
    return form.encoder();
  }

  /** Offset of the sums of hidden layer k, from 1; {@code depth + 1} gives their end. */
  int layerOffset(int k) {
    int offset = INPUTS + 2 * spec().inputSize();
    for (int before = 1; before < k; before++) {
      offset += 3 * spec().units(before);
    }
    return offset;
  }

  @Override
  public double[] apply(float[] parameters, PartitionRows rows) {
    double[] sums = new double[layerOffset(spec().depth() + 1)];
    try (Workspace encoder = Workspace.lend(form.encoder(), Batch.ALL);
        Workspace decoder =
            form.decodesItsCode() ? null : Workspace.lend(form.decoder(), Batch.ALL)) {
      rows.forEachTile(
          Batch.ALL,
          encoder.gatheredRows(),
          tile -> {
            EncodedBatch encoded = encoder.autoencoder().encode(parameters, tile.rows());
            addCodes(encoded, tile, sums);
            EncodedBatch decodable =
                decoder == null ? encoded : decoder.autoencoder().encode(parameters, tile.rows());
            addReconstruction(decodable.reconstruct(), tile, sums);
          });
    }
    return sums;
  }

  private static void addReconstruction(DenseRows reconstruction, RowBlock tile, double[] sums) {
    sums[WEIGHT] += tile.totalWeight();
    sums[ROWS] += tile.rows().rows();
    sums[SQUARED_ERROR] += Errors.squared(reconstruction, tile.rows(), tile.weights());
    for (int i = 0; i < tile.rows().rows(); i++) {
      addInputs(tile.rows(), i, tile.weight(i), sums);
    }
  }

  private static void addInputs(Rows x, int row, double weight, double[] sums) {
    int squares = INPUTS + x.columns();
    if (x instanceof DenseRows dense) {
      float[] values = dense.values();
      int from = dense.rowOffset(row);
      int columns = dense.columns();
      for (int j = 0; j < columns; j++) {
        double value = values[from + j];
        sums[INPUTS + j] += weight * value;
        sums[squares + j] += weight * value * value;
      }
    } else {
      SparseRows sparse = (SparseRows) x;
      for (int p = sparse.start(row); p < sparse.end(row); p++) {
        double value = sparse.values()[p];
        sums[INPUTS + sparse.indices()[p]] += weight * value;
        sums[squares + sparse.indices()[p]] += weight * value * value;
      }
    }
  }

  private void addCodes(EncodedBatch encoded, RowBlock tile, double[] sums) {
    float least = Codes.leastActive(form.activationThreshold());
    for (int k = 1; k <= spec().depth(); k++) {
      Rows h = encoded.hidden(k);
      UnitSums units = new UnitSums(sums, layerOffset(k), spec().units(k), spec().size(k), least);
      for (int i = 0; i < h.rows(); i++) {
        if (h instanceof DenseRows dense) {
          units.add(dense.values(), dense.rowOffset(i), tile.weight(i));
        } else {
          units.add((SparseRows) h, i, tile.weight(i));
        }
      }
    }
  }

  /** Adds to the sums of one layer. */
  private record UnitSums(double[] sums, int from, int units, int size, float least) {

    void add(float[] h, int offset, double weight) {
      int positions = size / units;
      int at = offset;
      for (int j = 0; j < units; j++) {
        double sum = 0;
        double squares = 0;
        int active = 0;
        for (int end = at + positions; at < end; at++) {
          // No branch here: it would be mispredicted half the time.
          float value = Math.abs(h[at]) < least ? 0f : h[at];
          sum += value;
          squares += (double) value * value;
          active += value == 0f ? 0 : 1;
        }
        add(j, weight, sum, squares, active);
      }
    }

    void add(SparseRows h, int row, double weight) {
      int positions = size / units;
      for (int p = h.start(row); p < h.end(row); p++) {
        float value = h.values()[p];
        if (!(Math.abs(value) < least)) {
          add(h.indices()[p] / positions, weight, value, (double) value * value, 1);
        }
      }
    }

    private void add(int unit, double weight, double sum, double squares, int active) {
      sums[from + unit] += weight * sum;
      sums[from + units + unit] += weight * squares;
      sums[from + 2 * units + unit] += weight * active;
    }
  }
}

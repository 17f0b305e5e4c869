package org.sparksae.core.stats;

import java.util.List;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
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
 * [sum of w, rows, sum of w |x_hat - x|^2, sum of w cos(x, x_hat), sum of w |z|_1 of the code z,
 *  sum of w y (d), sum of w y^2 (d),
 *  then of each hidden layer: sum of w h (units), sum of w h^2 (units), sum of w [h is active] (units),
 *  sum of w of the rows in which some h is active (units);
 *  of each nested width sum of w |x_hat - x|^2;
 *  of a transcoder sum of w x (inputs), sum of w x^2 (inputs)]
 * </pre>
 *
 * <p>Here y is what x_hat is compared with: x, or what a transcoder predicts from x.
 *
 * <p>An h below the threshold counts as 0. The positions of a map are added up; only the last sums
 * count a row once.
 *
 * @param form the code to measure
 */
record CodeSums(MeasuredCode form) implements PartitionFunction {
  static final int WEIGHT = 0;
  static final int ROWS = 1;
  static final int SQUARED_ERROR = 2;
  static final int COSINE = 3;
  static final int L1 = 4;
  static final int TARGETS = 5;

  /** Sums of each unit of a layer. */
  private static final int SUMS_OF_UNIT = 4;

  AutoencoderSpec spec() {
    return form.encoder();
  }

  /** Offset of the squared errors of the nested widths. */
  int widthsOffset() {
    return layerOffset(spec().depth() + 1);
  }

  /** Offset of the sums of hidden layer k, from 1; {@code depth + 1} gives their end. */
  int layerOffset(int k) {
    int offset = TARGETS + 2 * spec().outputSize();
    for (int before = 1; before < k; before++) {
      offset += SUMS_OF_UNIT * spec().units(before);
    }
    return offset;
  }

  /** Offset of the sums of the input rows. */
  int inputs() {
    return spec().target() == null ? TARGETS : widthsOffset() + form.widths().size();
  }

  private int length() {
    int withoutInputs = widthsOffset() + form.widths().size();
    return spec().target() == null ? withoutInputs : withoutInputs + 2 * spec().inputSize();
  }

  @Override
  public double[] apply(float[] parameters, PartitionRows rows) {
    double[] sums = new double[length()];
    try (Workspace encoder = Workspace.lend(form.encoder(), Batch.ALL);
        Workspace decoder =
            form.decodesItsCode() ? null : Workspace.lend(form.decoder(), Batch.ALL)) {
      rows.forEachTile(
          Batch.ALL,
          encoder.gatheredRows(),
          tile -> {
            EncodedBatch encoded = encoder.autoencoder().encode(parameters, tile.inputs());
            addCodes(encoded, tile, sums);
            EncodedBatch decodable =
                decoder == null ? encoded : decoder.autoencoder().encode(parameters, tile.inputs());
            if (form.widths().isEmpty()) {
              addReconstruction(decodable.reconstruct(), tile, sums);
            } else {
              addPrefixes(decodable.reconstructPrefixes(form.widths()), tile, sums);
            }
            if (spec().target() != null) {
              for (int i = 0; i < tile.size(); i++) {
                addValues(tile.inputs(), i, tile.weight(i), sums, inputs());
              }
            }
          });
    }
    return sums;
  }

  private void addPrefixes(List<DenseRows> prefixes, RowBlock tile, double[] sums) {
    for (int g = 0; g < prefixes.size(); g++) {
      sums[widthsOffset() + g] += Errors.squared(prefixes.get(g), tile.rows(), tile.weights());
    }
    addReconstruction(prefixes.get(prefixes.size() - 1), tile, sums);
  }

  private static void addReconstruction(DenseRows reconstruction, RowBlock tile, double[] sums) {
    sums[WEIGHT] += tile.totalWeight();
    sums[ROWS] += tile.rows().rows();
    double squaredError = 0;
    double cosine = 0;
    for (int i = 0; i < tile.rows().rows(); i++) {
      double weight = tile.weight(i);
      double error = Errors.squared(reconstruction, tile.rows(), i);
      squaredError += weight * error;
      cosine += weight * cosine(tile.rows(), reconstruction, i, error);
      addValues(tile.rows(), i, weight, sums, TARGETS);
    }
    sums[SQUARED_ERROR] += squaredError;
    sums[COSINE] += cosine;
  }

  private static double cosine(Rows x, DenseRows reconstruction, int row, double squaredError) {
    int d = reconstruction.columns();
    double squaredReconstruction =
        Kernels.squaredNorm(reconstruction.values(), reconstruction.rowOffset(row), d);
    return Cosine.of(squaredNorm(x, row), squaredReconstruction, squaredError);
  }

  private static double squaredNorm(Rows x, int row) {
    if (x instanceof DenseRows dense) {
      return Kernels.squaredNorm(dense.values(), dense.rowOffset(row), dense.columns());
    }
    SparseRows sparse = (SparseRows) x;
    int start = sparse.start(row);
    return Kernels.squaredNorm(sparse.values(), start, sparse.end(row) - start);
  }

  private static void addValues(Rows x, int row, double weight, double[] sums, int at) {
    int squares = at + x.columns();
    if (x instanceof DenseRows dense) {
      float[] values = dense.values();
      int from = dense.rowOffset(row);
      int columns = dense.columns();
      for (int j = 0; j < columns; j++) {
        double value = values[from + j];
        sums[at + j] += weight * value;
        sums[squares + j] += weight * value * value;
      }
    } else {
      SparseRows sparse = (SparseRows) x;
      for (int p = sparse.start(row); p < sparse.end(row); p++) {
        double value = sparse.values()[p];
        sums[at + sparse.indices()[p]] += weight * value;
        sums[squares + sparse.indices()[p]] += weight * value * value;
      }
    }
  }

  private void addCodes(EncodedBatch encoded, RowBlock tile, double[] sums) {
    float least = Codes.leastActive(form.activationThreshold());
    for (int k = 1; k <= spec().depth(); k++) {
      Rows h = encoded.hidden(k);
      UnitSums units = new UnitSums(sums, layerOffset(k), spec().units(k), spec().size(k), least);
      double l1 = 0;
      for (int i = 0; i < h.rows(); i++) {
        double weight = tile.weight(i);
        l1 +=
            weight
                * (h instanceof DenseRows dense
                    ? units.add(dense.values(), dense.rowOffset(i), weight)
                    : units.add((SparseRows) h, i, weight));
      }
      sums[L1] += k == form.layer() ? l1 : 0;
    }
  }

  /** Adds rows to the sums of one layer, and returns the sum of the magnitudes of a row. */
  private record UnitSums(double[] sums, int from, int units, int size, float least) {

    double add(float[] h, int offset, double weight) {
      int positions = size / units;
      int at = offset;
      double l1 = 0;
      for (int j = 0; j < units; j++) {
        double sum = 0;
        double magnitudes = 0;
        double squares = 0;
        int active = 0;
        for (int end = at + positions; at < end; at++) {
          // No branch here: it would be mispredicted half the time.
          float magnitude = Math.abs(h[at]);
          float value = magnitude < least ? 0f : h[at];
          sum += value;
          magnitudes += Math.abs(value);
          squares += (double) value * value;
          active += value == 0f ? 0 : 1;
        }
        add(j, weight, sum, squares, active);
        addRow(j, active > 0 ? weight : 0);
        l1 += magnitudes;
      }
      return l1;
    }

    double add(SparseRows h, int row, double weight) {
      int positions = size / units;
      double l1 = 0;
      int last = -1;
      for (int p = h.start(row); p < h.end(row); p++) {
        float value = h.values()[p];
        if (Codes.isActive(value, least)) {
          int unit = h.indices()[p] / positions;
          add(unit, weight, value, (double) value * value, 1);
          addRow(unit, unit == last ? 0 : weight);
          last = unit;
          l1 += Math.abs(value);
        }
      }
      return l1;
    }

    private void add(int unit, double weight, double sum, double squares, int active) {
      sums[from + unit] += weight * sum;
      sums[from + units + unit] += weight * squares;
      sums[from + 2 * units + unit] += weight * active;
    }

    private void addRow(int unit, double weight) {
      sums[from + 3 * units + unit] += weight;
    }
  }
}

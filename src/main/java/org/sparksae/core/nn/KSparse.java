package org.sparksae.core.nn;

import org.sparksae.core.linalg.ColumnEntries;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.linalg.TopKSelector;

/**
 * A k-sparse layer between an encoder layer and the decoder layer that takes its code: the one
 * dense product is the encoder's, everything else costs k units a row and not h.
 *
 * <pre>
 * forward    z = W x + b by tiles of rows and units, each looked through while it is in the cache
 * backward   unit by unit j, over the rows i that keep it, with V the decoder's weights [h, out]:
 *            dJ/dV_j  = sum of h_ij delta_i
 *            delta_ij = (V_j . delta_i) f'(z_ij)
 *            dJ/dW_j  = sum of delta_ij x_i,   dJ/db_j = sum of delta_ij
 * </pre>
 *
 * <p>Going by units and not by rows, each unit's weights and gradients pass through the cache once
 * for all rows, and units are split between the members of a team without two of them writing to
 * one place.
 */
final class KSparse {
  /**
   * Rows and units of a tile of z: it has to stay in the second-level cache until it is scanned.
   */
  private static final int TILE_ROWS = 512;

  private static final int TILE_UNITS = 512;

  private final DenseLayer encoder;
  private final DenseLayer decoder;
  private final TopK topK;
  private final boolean positiveOnly;
  private final boolean byMagnitude;
  private final int units;
  private final int maxRows;
  private final Team team;
  private final float[] values;
  private final int[] indices;
  private final int[] starts;
  private final float[] slopes;
  private final float[][] tiles;
  private final TopKSelector[] selectors;
  private final ColumnEntries[] entries;
  private final float[][] columnSlopes;

  KSparse(DenseLayer encoder, DenseLayer decoder, TopK topK, int maxRows, Team team) {
    this.encoder = encoder;
    this.decoder = decoder;
    this.topK = topK;
    this.positiveOnly = encoder.activation() == Activation.RELU;
    // Of activations that are never negative both orders are one.
    this.byMagnitude = topK.by() == TopK.By.MAGNITUDE && !positiveOnly;
    this.units = encoder.outputSize();
    this.maxRows = maxRows;
    this.team = team;
    int size = Math.multiplyExact(maxRows, topK.k());
    this.values = new float[size];
    this.indices = new int[size];
    this.starts = new int[maxRows + 1];
    for (int i = 0; i <= maxRows; i++) {
      starts[i] = i * topK.k();
    }
    this.slopes = new float[size];
    this.tiles = new float[team.size()][];
    this.selectors = new TopKSelector[team.size()];
    this.entries = new ColumnEntries[team.size()];
    this.columnSlopes = new float[team.size()][0];
    for (int m = 0; m < team.size(); m++) {
      int rows = Math.min(TILE_ROWS, maxRows);
      // Room for one sparse row at least, which is mapped to all units at once.
      tiles[m] = new float[Math.max(rows * Math.min(TILE_UNITS, units), units)];
      selectors[m] = new TopKSelector(rows, topK.k());
      entries[m] = new ColumnEntries();
    }
  }

  /** The codes of x [n, in], [n, units] with k entries a row; valid until the next call. */
  SparseRows encode(float[] parameters, Rows x) {
    encoder.prepare(parameters, x, team);
    team.split(
        x.rows(),
        Autoencoder.ROW_GRAIN,
        (member, from, to) -> {
          int rows = tileRows(x);
          for (int i = from; i < to; i += rows) {
            selectTile(parameters, x.slice(i, Math.min(i + rows, to)), i, member);
          }
        });
    return new SparseRows(values, indices, starts, 0, x.rows(), units);
  }

  /** Sparse rows are mapped to all units at once, so fewer of them fit a tile. */
  private int tileRows(Rows x) {
    int rows = Math.min(TILE_ROWS, maxRows);
    return x instanceof SparseRows ? Math.max(1, rows * Math.min(TILE_UNITS, units) / units) : rows;
  }

  private void selectTile(float[] parameters, Rows x, int firstRow, int member) {
    TopKSelector selector = selectors[member];
    selector.reset(x.rows(), topK.k(), byMagnitude, positiveOnly);
    int step = x instanceof SparseRows ? units : TILE_UNITS;
    for (int from = 0; from < units; from += step) {
      int to = Math.min(from + step, units);
      DenseRows z = DenseRows.of(tiles[member], x.rows(), to - from);
      encoder.mapUnits(parameters, x, from, z);
      selector.scan(
          z.values(), 0, to - from, to - from, parameters, encoder.bias().offset() + from, from);
    }
    selector.finish(indices, values, starts[firstRow]);
  }

  /**
   * The gradients of the encoder's and the decoder's weights and of the encoder's bias.
   *
   * @param x the encoder layer's input, [n, in]
   * @param code what {@link #encode} gave for it
   * @param delta dJ/dz of the decoder layer, [n, out]
   * @param gradient the flat gradient
   * @param accumulate whether to add to it, or to write it
   */
  void backward(
      float[] parameters,
      Rows x,
      SparseRows code,
      DenseRows delta,
      float[] gradient,
      boolean accumulate) {
    team.split(
        units,
        1,
        (member, from, to) -> {
          ColumnEntries own = entries[member];
          own.build(code, from, to);
          if (columnSlopes[member].length < own.rows().length) {
            columnSlopes[member] = new float[own.rows().length];
          }
          for (int j = from; j < to; j++) {
            unit(parameters, j, x, own, columnSlopes[member], delta, gradient, accumulate);
          }
        });
  }

  private void unit(
      float[] parameters,
      int j,
      Rows x,
      ColumnEntries code,
      float[] slope,
      DenseRows delta,
      float[] gradient,
      boolean accumulate) {
    int from = code.start(j);
    int to = code.end(j);
    int out = delta.columns();
    int in = x.columns();
    int v = decoder.weight().offset() + j * out;
    int w = encoder.weight().offset() + j * in;
    if (!accumulate) {
      Kernels.fill(gradient, v, v + out, 0f);
      Kernels.fill(gradient, w, w + in, 0f);
      gradient[encoder.bias().offset() + j] = 0f;
    }
    if (from == to) {
      return;
    }
    float[] d = delta.values();
    Kernels.dotGatheredRows(parameters, v, code.rows(), from, to, d, delta.offset(), out, slope);
    Kernels.addGatheredRows(
        code.values(), code.rows(), from, to, d, delta.offset(), out, gradient, v);
    float sum = 0;
    for (int p = from; p < to; p++) {
      if (positiveOnly && code.values()[p] <= 0f) {
        slope[p] = 0f;
      }
      slopes[code.places()[p]] = slope[p];
      sum += slope[p];
    }
    gradient[encoder.bias().offset() + j] += sum;
    addInputs(slope, code.rows(), from, to, x, gradient, w);
  }

  /** {@code gradient_w += sum over p of slope_p x_row(p)}. */
  private static void addInputs(
      float[] slope, int[] rows, int from, int to, Rows x, float[] gradient, int w) {
    if (x instanceof DenseRows dense) {
      Kernels.addGatheredRows(
          slope, rows, from, to, dense.values(), dense.offset(), dense.columns(), gradient, w);
      return;
    }
    SparseRows sparse = (SparseRows) x;
    for (int p = from; p < to; p++) {
      int row = rows[p];
      for (int q = sparse.start(row); q < sparse.end(row); q++) {
        gradient[w + sparse.indices()[q]] += slope[p] * sparse.values()[q];
      }
    }
  }

  /**
   * {@code inputDelta_i = sum over j of delta_ij W_j} of rows {@code from} to {@code to}, after
   * {@link #backward}: a tile, [to - from, in].
   */
  void mapBack(float[] parameters, SparseRows code, int from, int to, DenseRows inputDelta) {
    Kernels.fill(inputDelta.values(), inputDelta.offset(), inputDelta.end(), 0f);
    for (int i = from; i < to; i++) {
      Kernels.addGatheredRows(
          slopes,
          indices,
          code.start(i),
          code.end(i),
          parameters,
          encoder.weight().offset(),
          inputDelta.columns(),
          inputDelta.values(),
          inputDelta.rowOffset(i - from));
    }
  }
}

package org.sparksae.core.nn.code;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.linalg.TopKSelector;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.TopK;
import org.sparksae.core.nn.layer.DenseLayer;
import org.sparksae.core.nn.layer.Layer;
import org.sparksae.core.nn.layer.LayerForward;

/**
 * Computes the k-sparse codes of an encoder layer: the k largest latents (hidden units) of each row
 * of {@code z = W x + b}.
 *
 * <p>This matrix product is the only dense one of a k-sparse autoencoder. It is computed in tiles
 * of rows and latents, and each tile is scanned while it is in the cache.
 */
final class KSparse implements CodeMaker {
  /**
   * Rows and latents of a tile of z, which has to stay in the second-level cache until it is
   * scanned.
   */
  private static final int TILE_ROWS = 256;

  private static final int TILE_UNITS = 1024;

  private final DenseLayer encoder;
  private final TopK topK;
  private final boolean positiveOnly;
  private final boolean byMagnitude;
  private final int units;
  private final int maxRows;
  private final Team team;
  private final float[] values;
  private final int[] indices;
  private final int[] starts;
  private final float[][] tiles;
  private final TopKSelector[] selectors;

  KSparse(DenseLayer encoder, TopK topK, int maxRows, Team team) {
    this.encoder = encoder;
    this.topK = topK;
    this.positiveOnly = encoder.activation() == Activation.RELU;
    // If activations are never negative, both orders are the same.
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
    this.tiles = new float[team.size()][];
    this.selectors = new TopKSelector[team.size()];
    for (int m = 0; m < team.size(); m++) {
      int rows = Math.min(TILE_ROWS, maxRows);
      // Room for at least one sparse row, whose latents are all computed at once.
      tiles[m] = new float[Math.max(rows * Math.min(TILE_UNITS, units), units)];
      selectors[m] = new TopKSelector(rows, topK.k());
    }
  }

  @Override
  public SparseRows encode(float[] parameters, Rows x) {
    encoder.prepare(parameters, x, team);
    team.split(
        x.rows(),
        LayerForward.ROW_GRAIN,
        (member, from, to) -> {
          int rows = tileRows(x);
          for (int i = from; i < to; i += rows) {
            selectTile(parameters, x.slice(i, Math.min(i + rows, to)), i, member);
          }
        });
    return new SparseRows(values, indices, starts, 0, x.rows(), units);
  }

  /** All latents of a sparse row are computed at once, so fewer sparse rows fit a tile. */
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
          z.values(),
          0,
          to - from,
          to - from,
          encoder.biases(parameters),
          encoder.biasesFrom() + from,
          from);
    }
    selector.finish(indices, values, starts[firstRow]);
  }

  @Override
  public SparseGradient gradient(Layer decoder) {
    return SparseGradients.between(encoder, decoder, team);
  }
}

package org.sparksae.core.nn.code;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.nn.layer.DenseLayer;
import org.sparksae.core.nn.layer.LayerForward;
import org.sparksae.core.nn.layer.UpperBounds;

/**
 * Computes the pre-activations {@code z = W x + b} of a layer, of which a sparse code needs few, in
 * tiles of rows and latents (hidden units).
 *
 * <p>This matrix product is the only dense one of a sparse code. Each tile is scanned while it is
 * in the cache, and is not kept.
 */
final class LatentTiles {
  /**
   * Rows and latents of a tile of z, 4 MB, which stay in the last-level cache until they are
   * scanned. BLAS copies the weights into a layout of its own for each tile of rows, which takes
   * longer than scanning: smaller tiles would be scanned faster, but the weights copied more often.
   */
  private static final int TILE_ROWS = 1024;

  private static final int TILE_UNITS = 1024;

  private final DenseLayer encoder;
  private final int units;
  private final int maxRows;
  private final Team team;
  private final float[][] tiles;

  /** Looks at tiles. The members of the team call it at the same time, each for its own rows. */
  interface Scan {

    /** Begins some rows: {@code rows} of them, from {@code firstRow} on. */
    void begin(int member, int firstRow, int rows);

    /**
     * Looks at the next latents of these rows. They come in ascending order.
     *
     * @param tile the latents without their biases, [rows, latents of the tile]
     * @param biases the biases, that of the first latent of the tile at {@code biasFrom}
     * @param firstUnit the first latent of the tile
     */
    void scan(int member, DenseRows tile, float[] biases, int biasFrom, int firstUnit);

    /** Ends the rows: all latents have been seen. */
    void end(int member);
  }

  LatentTiles(DenseLayer encoder, int maxRows, Team team) {
    this.encoder = encoder;
    this.units = encoder.outputSize();
    this.maxRows = maxRows;
    this.team = team;
    this.tiles = new float[team.size()][];
    for (int m = 0; m < team.size(); m++) {
      // Room for at least one sparse row, whose latents are all computed at once.
      tiles[m] = new float[Math.max(rows() * Math.min(TILE_UNITS, units), units)];
    }
  }

  /** Returns the most rows of a tile. */
  int rows() {
    return Math.min(TILE_ROWS, maxRows);
  }

  /** Returns the most tiles that the latents of a row are divided into. */
  int blocks() {
    return (units + TILE_UNITS - 1) / TILE_UNITS;
  }

  /** Returns the tile of a row that has a latent. */
  static int blockOf(int unit) {
    return unit / TILE_UNITS;
  }

  /** Shows all rows and latents to each of some scans. */
  void forEach(float[] parameters, Rows x, Scan... scans) {
    encoder.prepare(parameters, x, team);
    team.split(
        x.rows(),
        LayerForward.ROW_GRAIN,
        (member, from, to) -> {
          int rows = tileRows(x);
          for (int i = from; i < to; i += rows) {
            Rows tile = x.slice(i, Math.min(i + rows, to));
            tile(parameters, tile, i, member, encoder.units(parameters, tile, member), scans);
          }
        });
  }

  /**
   * Shows upper bounds of all latents, without their biases, to a scan.
   *
   * @param bounds those of the encoder
   */
  void forEachBound(float[] parameters, DenseRows x, UpperBounds bounds, Scan scan) {
    encoder.prepare(parameters, x, team);
    bounds.prepare(parameters, team);
    team.split(
        x.rows(),
        LayerForward.ROW_GRAIN,
        (member, from, to) -> {
          for (int i = from; i < to; i += rows()) {
            DenseRows rows = x.slice(i, Math.min(i + rows(), to));
            bounds.begin(rows, member);
            DenseLayer.UnitsMap map = (firstUnit, u) -> bounds.map(firstUnit, u, member);
            tile(parameters, rows, i, member, map, scan);
          }
        });
  }

  /** All latents of a sparse row are computed at once, so fewer sparse rows fit a tile. */
  private int tileRows(Rows x) {
    return x instanceof SparseRows
        ? Math.max(1, rows() * Math.min(TILE_UNITS, units) / units)
        : rows();
  }

  private void tile(
      float[] parameters,
      Rows x,
      int firstRow,
      int member,
      DenseLayer.UnitsMap map,
      Scan... scans) {
    for (Scan scan : scans) {
      scan.begin(member, firstRow, x.rows());
    }
    int step = x instanceof SparseRows ? units : TILE_UNITS;
    for (int from = 0; from < units; from += step) {
      int to = Math.min(from + step, units);
      DenseRows z = DenseRows.of(tiles[member], x.rows(), to - from);
      map.apply(from, z);
      for (Scan scan : scans) {
        scan.scan(member, z, encoder.biases(parameters), encoder.biasesFrom() + from, from);
      }
    }
    for (Scan scan : scans) {
      scan.end(member);
    }
  }
}

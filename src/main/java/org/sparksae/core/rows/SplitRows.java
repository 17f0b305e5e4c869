package org.sparksae.core.rows;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;

/**
 * Cuts rows [x, y] of a transcoder into its input x and its target y. Both sides of sparse rows are
 * sparse. The arrays are reused from tile to tile.
 */
public final class SplitRows {
  private final int cut;
  private final Side input = new Side();
  private final Side target = new Side();

  /** One side of the rows. */
  private static final class Side {
    private float[] dense = new float[0];
    private float[] values = new float[0];
    private int[] indices = new int[0];
    private int[] starts = new int[1];

    DenseRows dense(DenseRows rows, int first, int columns, Team team) {
      int size = Math.multiplyExact(rows.rows(), columns);
      if (dense.length < size) {
        dense = new float[size];
      }
      team.split(
          rows.rows(),
          1,
          (member, from, to) -> {
            for (int i = from; i < to; i++) {
              int at = rows.rowOffset(i) + first;
              System.arraycopy(rows.values(), at, dense, i * columns, columns);
            }
          });
      return DenseRows.of(dense, rows.rows(), columns);
    }

    SparseRows sparse(SparseRows rows, int first, int columns) {
      if (values.length < rows.entries()) {
        values = new float[Math.max(rows.entries(), 2 * values.length)];
        indices = new int[values.length];
      }
      if (starts.length < rows.rows() + 1) {
        starts = new int[rows.rows() + 1];
      }
      int next = 0;
      for (int i = 0; i < rows.rows(); i++) {
        for (int p = rows.start(i); p < rows.end(i); p++) {
          int column = rows.indices()[p] - first;
          if (column >= 0 && column < columns) {
            values[next] = rows.values()[p];
            indices[next++] = column;
          }
        }
        starts[i + 1] = next;
      }
      return new SparseRows(values, indices, starts, 0, rows.rows(), columns);
    }
  }

  /**
   * Cuts rows after the input.
   *
   * @param cut number of values of x
   */
  public SplitRows(int cut) {
    this.cut = cut;
  }

  /** Returns the tile with x as its inputs and y as its rows, valid until the next call. */
  public RowBlock of(RowBlock tile, Team team) {
    return tile.with(
        side(input, tile.rows(), 0, cut, team),
        side(target, tile.rows(), cut, tile.columns() - cut, team));
  }

  private static Rows side(Side side, Rows rows, int first, int columns, Team team) {
    return rows instanceof DenseRows dense
        ? side.dense(dense, first, columns, team)
        : side.sparse((SparseRows) rows, first, columns);
  }
}

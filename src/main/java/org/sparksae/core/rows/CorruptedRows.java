package org.sparksae.core.rows;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;

/**
 * Makes corrupted copies of tiles. The arrays are reused from tile to tile.
 *
 * <p>Sparse rows stay sparse under noise that keeps zeros, and become dense under any other.
 */
final class CorruptedRows {
  private float[] dense = new float[0];
  private float[] values = new float[0];
  private int[] indices = new int[0];
  private int[] starts = new int[1];

  /** Returns the corrupted inputs of a tile, valid until the next call. */
  Rows of(RowBlock tile, Noise noise, Team team) {
    return tile.inputs() instanceof SparseRows sparse && noise.keepsZeros()
        ? sparse(tile, sparse, noise)
        : dense(tile, noise, team);
  }

  private DenseRows dense(RowBlock tile, Noise noise, Team team) {
    int rows = tile.inputs().rows();
    int columns = tile.inputs().columns();
    if (dense.length < (long) rows * columns) {
      dense = new float[Math.multiplyExact(rows, columns)];
    }
    team.split(
        rows,
        1,
        (member, from, to) -> {
          Noise.Generator generator = noise.generator();
          for (int i = from; i < to; i++) {
            tile.copyInput(i, dense, i * columns);
            generator.corrupt(tile.number(i), dense, i * columns, columns);
          }
        });
    return DenseRows.of(dense, rows, columns);
  }

  private SparseRows sparse(RowBlock tile, SparseRows x, Noise noise) {
    reserve(x.rows(), x.entries());
    Noise.Generator generator = noise.generator();
    for (int i = 0; i < x.rows(); i++) {
      starts[i + 1] = generator.mask(tile.number(i), x, i, values, indices, starts[i]);
    }
    return new SparseRows(values, indices, starts, 0, x.rows(), x.columns());
  }

  private void reserve(int rows, int entries) {
    if (starts.length < rows + 1) {
      starts = new int[rows + 1];
    }
    if (values.length < entries) {
      values = new float[Math.max(entries, 2 * values.length)];
      indices = new int[values.length];
    }
  }
}

package org.sparksae.core.linalg;

import java.io.Serializable;
import java.util.Arrays;
import org.sparksae.core.Text;

/**
 * A block of float rows, [rows, columns], which stores only the non-zeros (compressed sparse rows).
 *
 * <p>Row i has the entries {@code start(i) <= p < end(i)}: {@code values[p]} in column {@code
 * indices[p]}. The columns of a row are distinct. Values that are not stored are 0; a stored value
 * may be 0, too.
 *
 * <p>The arrays are shared, never copied; several blocks may be views of one. Not thread-safe.
 */
public final class SparseRows implements Rows, Serializable {
  private static final long serialVersionUID = 1L;

  private final float[] values;
  private final int[] indices;
  private final int[] starts;
  private final int from;
  private final int rows;
  private final int columns;

  /**
   * Creates a view of arrays.
   *
   * @param values the stored values
   * @param indices the column of each, in [0, columns)
   * @param starts the first entry of each row, ascending, [at least from + rows + 1]; a row ends
   *     where the next begins
   * @param from the index of row 0 in {@code starts}
   * @param rows number of rows, 0 or more
   * @param columns number of columns, 1 or more
   * @throws IllegalArgumentException if an array is too short or a size is out of range
   */
  public SparseRows(float[] values, int[] indices, int[] starts, int from, int rows, int columns) {
    if (from < 0 || rows < 0 || columns < 1 || (long) from + rows + 1 > starts.length) {
      throw new IllegalArgumentException(
          Text.format(
              "need from >= 0, rows >= 0, columns >= 1 and from + rows + 1 starts, got %d, %d, %d and %d",
              from, rows, columns, starts.length));
    }
    int end = starts[from + rows];
    if (starts[from] < 0 || end > values.length || end > indices.length) {
      throw new IllegalArgumentException(
          Text.format(
              "entries %d to %d need arrays that long, got %d values and %d indices",
              starts[from], end, values.length, indices.length));
    }
    this.values = values;
    this.indices = indices;
    this.starts = starts;
    this.from = from;
    this.rows = rows;
    this.columns = columns;
  }

  /** Returns the stored values, shared. */
  public float[] values() {
    return values;
  }

  /** Returns the column of each stored value, shared. */
  public int[] indices() {
    return indices;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  /** Returns the first entry of row {@code row}. */
  public int start(int row) {
    return starts[from + row];
  }

  /** Returns the index after the last entry of row {@code row}. */
  public int end(int row) {
    return starts[from + row + 1];
  }

  /** Returns the number of stored values. */
  public int entries() {
    return starts[from + rows] - starts[from];
  }

  /**
   * Returns rows whose entries have the same places and other values.
   *
   * @param others values, at the indices of {@link #values}
   */
  public SparseRows with(float[] others) {
    return new SparseRows(others, indices, starts, from, rows, columns);
  }

  @Override
  public SparseRows slice(int from, int to) {
    return new SparseRows(values, indices, starts, this.from + from, to - from, columns);
  }

  /** Computes {@code target -= this}, target [rows, columns]. */
  public void subtractFrom(DenseRows target) {
    float[] to = target.values();
    for (int i = 0; i < rows; i++) {
      int offset = target.rowOffset(i);
      for (int p = start(i); p < end(i); p++) {
        to[offset + indices[p]] -= values[p];
      }
    }
  }

  /** Copies row {@code row} to {@code columns} floats, including the zeros. */
  public void copyRow(int row, float[] target, int offset) {
    Arrays.fill(target, offset, offset + columns, 0f);
    for (int p = start(row); p < end(row); p++) {
      target[offset + indices[p]] = values[p];
    }
  }

  /**
   * Computes {@code sums[sumsOffset + j] += sum over i of weight[i] * x[i, j]}. If the weights are
   * null, they are 1.
   */
  public void addWeightedColumnSums(float[] weights, double[] sums, int sumsOffset) {
    for (int i = 0; i < rows; i++) {
      double weight = weights == null ? 1.0 : weights[i];
      for (int p = start(i); p < end(i); p++) {
        sums[sumsOffset + indices[p]] += weight * values[p];
      }
    }
  }
}

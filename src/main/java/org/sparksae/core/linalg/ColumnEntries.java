package org.sparksae.core.linalg;

import java.util.Arrays;

/**
 * The entries of sparse rows, column by column, for a range of columns (compressed sparse columns).
 *
 * <p>Column j has the entries {@code start(j) <= p < end(j)}: {@code values[p]} in row {@code
 * rows[p]}, in ascending order of rows. It is rebuilt for each block of rows in the same arrays,
 * which grow if necessary.
 */
public final class ColumnEntries {
  private int first;
  private int[] starts = new int[1];
  private int[] rows = new int[0];
  private int[] places = new int[0];
  private float[] values = new float[0];

  /** Collects the entries of columns {@code from} (inclusive) to {@code to} (exclusive). */
  public void build(SparseRows x, int from, int to) {
    first = from;
    count(x, from, to);
    int entries = starts[to - from];
    if (rows.length < entries) {
      // Allocate a quarter more: the next block rarely has the same number of entries.
      int capacity = entries + entries / 4;
      rows = new int[capacity];
      places = new int[capacity];
      values = new float[capacity];
    }
    fill(x, from, to);
  }

  /** Counts the entries of column j in {@code starts[j + 1]}, then computes running sums. */
  private void count(SparseRows x, int from, int to) {
    int columns = to - from;
    if (starts.length < columns + 1) {
      starts = new int[columns + 1];
    }
    Arrays.fill(starts, 0, columns + 1, 0);
    int[] indices = x.indices();
    if (x.rows() > 0) {
      for (int p = x.start(0); p < x.end(x.rows() - 1); p++) {
        int column = indices[p] - from;
        if (column >= 0 && column < columns) {
          starts[column + 1]++;
        }
      }
    }
    for (int j = 0; j < columns; j++) {
      starts[j + 1] += starts[j];
    }
  }

  /**
   * Stores the entries. Filling moves each column's start to its end; the starts are then restored.
   */
  private void fill(SparseRows x, int from, int to) {
    int columns = to - from;
    int[] indices = x.indices();
    for (int i = 0; i < x.rows(); i++) {
      for (int p = x.start(i); p < x.end(i); p++) {
        int column = indices[p] - from;
        if (column >= 0 && column < columns) {
          int at = starts[column]++;
          rows[at] = i;
          places[at] = p;
          values[at] = x.values()[p];
        }
      }
    }
    System.arraycopy(starts, 0, starts, 1, columns);
    starts[0] = 0;
  }

  /** Returns the first entry of a column of the range. */
  public int start(int column) {
    return starts[column - first];
  }

  /** Returns the index after the last entry of a column of the range. */
  public int end(int column) {
    return starts[column - first + 1];
  }

  /** Returns the row of each entry; shared. */
  public int[] rows() {
    return rows;
  }

  /** Returns the position of each entry in the sparse rows; shared. */
  public int[] places() {
    return places;
  }

  /** Returns the value of each entry; shared. */
  public float[] values() {
    return values;
  }
}

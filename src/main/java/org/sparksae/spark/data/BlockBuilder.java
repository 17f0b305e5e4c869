package org.sparksae.spark.data;

import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;

/**
 * Collects the rows of one block while they are read.
 *
 * <p>A block is sparse as long as every row is a SparseVector and at most {@link #MAX_DENSITY} of
 * its values are stored; otherwise it becomes dense. The arrays are reused from block to block.
 */
public final class BlockBuilder {
  /** A dense product takes about an eighth of the time per element of a sparse one. */
  static final double MAX_DENSITY = 1.0 / 8;

  private final RowReader reader;
  private final int columns;
  private final int capacity;
  private int rows;
  private boolean isDense;
  private float[] dense = new float[0];
  private float[] values = new float[0];
  private int[] indices = new int[0];
  private final int[] starts;

  /**
   * Makes an empty builder.
   *
   * @param columns number of values in a row
   * @param capacity maximum number of rows
   */
  public BlockBuilder(RowReader reader, int columns, int capacity) {
    this.reader = reader;
    this.columns = columns;
    this.capacity = capacity;
    this.starts = new int[capacity + 1];
  }

  /** Begins the next block. Results of {@link #view} become invalid. */
  public void clear() {
    rows = 0;
    isDense = false;
  }

  /** Number of rows. */
  public int rows() {
    return rows;
  }

  /**
   * Reads a row and adds it, if it is valid.
   *
   * @return what is wrong with it, or null
   */
  public String add(InternalRow row) {
    String problem = reader.open(row);
    if (problem != null) {
      return problem;
    }
    if (!isDense && reader.isSparse()) {
      return addSparse();
    }
    makeDense();
    problem = reader.read(dense, rows * columns);
    rows += problem == null ? 1 : 0;
    return problem;
  }

  /** Removes the last row. */
  void removeLast() {
    rows--;
  }

  private String addSparse() {
    int start = starts[rows];
    reserve(start + reader.entries());
    int added = reader.readEntries(values, indices, start);
    if (added < 0) {
      return reader.describe();
    }
    starts[++rows] = start + added;
    if (starts[rows] > mostEntries(capacity)) {
      makeDense();
    }
    return null;
  }

  private long mostEntries(int rows) {
    return (long) (MAX_DENSITY * rows * columns);
  }

  private void reserve(int entries) {
    if (entries > values.length) {
      int length = Math.max(entries, 2 * values.length);
      values = Arrays.copyOf(values, length);
      indices = Arrays.copyOf(indices, length);
    }
  }

  private void makeDense() {
    if (isDense) {
      return;
    }
    isDense = true;
    if (dense.length == 0) {
      dense = new float[Math.multiplyExact(capacity, columns)];
    }
    Arrays.fill(dense, 0, rows * columns, 0f);
    for (int i = 0; i < rows; i++) {
      for (int p = starts[i]; p < starts[i + 1]; p++) {
        dense[i * columns + indices[p]] = values[p];
      }
    }
  }

  /** Returns the rows, valid until {@link #clear}. */
  public Rows view() {
    if (!isDense && starts[rows] > mostEntries(rows)) {
      makeDense();
    }
    return isDense
        ? DenseRows.of(dense, rows, columns)
        : new SparseRows(values, indices, starts, 0, rows, columns);
  }

  /**
   * Returns the rows in the form that reading them would have given: sparse if few values are not
   * 0.
   */
  static Rows inFormOfBlock(DenseRows rows) {
    int entries = 0;
    for (int p = rows.offset(); p < rows.end(); p++) {
      entries += rows.values()[p] != 0f ? 1 : 0;
    }
    return entries > (long) (MAX_DENSITY * rows.rows() * rows.columns())
        ? rows
        : sparse(rows, entries);
  }

  private static SparseRows sparse(DenseRows rows, int entries) {
    float[] values = new float[entries];
    int[] indices = new int[entries];
    int[] starts = new int[rows.rows() + 1];
    int next = 0;
    for (int i = 0; i < rows.rows(); i++) {
      for (int j = 0; j < rows.columns(); j++) {
        float value = rows.get(i, j);
        if (value != 0f) {
          values[next] = value;
          indices[next++] = j;
        }
      }
      starts[i + 1] = next;
    }
    return new SparseRows(values, indices, starts, 0, rows.rows(), rows.columns());
  }

  /** Returns a copy of the rows. */
  Rows copy() {
    if (view() instanceof DenseRows) {
      return DenseRows.of(Arrays.copyOf(dense, rows * columns), rows, columns);
    }
    int entries = starts[rows];
    return new SparseRows(
        Arrays.copyOf(values, entries),
        Arrays.copyOf(indices, entries),
        Arrays.copyOf(starts, rows + 1),
        0,
        rows,
        columns);
  }
}

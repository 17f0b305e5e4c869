package org.sparksae.core.linalg;

import java.io.Serializable;
import org.sparksae.core.Text;

/**
 * A block of float rows, [rows, columns] row-major: element (i, j) is {@code values[offset + i *
 * columns + j]}.
 *
 * <p>The array is shared, never copied; several blocks may be views of one array. Not thread-safe.
 */
public final class DenseRows implements Rows, Serializable {
  private static final long serialVersionUID = 1L;

  /** Floats that stay in the first-level cache while several operations pass over them. */
  private static final int CACHED_FLOATS = 4096;

  private final float[] values;
  private final int offset;
  private final int rows;
  private final int columns;

  /**
   * Creates a view of an array.
   *
   * @param values the array, with at least {@code offset + rows * columns} elements
   * @param offset index of the first element of row 0
   * @param rows number of rows, 0 or more
   * @param columns number of columns, 1 or more
   * @throws IllegalArgumentException if the array is too short or a size is out of range
   */
  public DenseRows(float[] values, int offset, int rows, int columns) {
    if (offset < 0 || rows < 0 || columns < 1) {
      throw new IllegalArgumentException(
          Text.format(
              "need offset >= 0, rows >= 0 and columns >= 1, got %d, %d, %d",
              offset, rows, columns));
    }
    long end = offset + (long) rows * columns;
    if (end > values.length) {
      throw new IllegalArgumentException(
          Text.format(
              "%d x %d rows at offset %d need an array of %d floats, got %d",
              rows, columns, offset, end, values.length));
    }
    this.values = values;
    this.offset = offset;
    this.rows = rows;
    this.columns = columns;
  }

  /** Returns a view of a whole array, [rows, columns]. */
  public static DenseRows of(float[] values, int rows, int columns) {
    return new DenseRows(values, 0, rows, columns);
  }

  /** Returns new rows of zeros, [rows, columns]. */
  public static DenseRows zeros(int rows, int columns) {
    return of(new float[Math.multiplyExact(rows, columns)], rows, columns);
  }

  /** Returns the backing array, shared. */
  public float[] values() {
    return values;
  }

  /** Returns the index of row 0 in the backing array. */
  public int offset() {
    return offset;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  /** Returns the index of row {@code row} in the backing array. */
  public int rowOffset(int row) {
    return offset + row * columns;
  }

  /** Returns the index after the last row in the backing array. */
  public int end() {
    return offset + rows * columns;
  }

  /** Returns element (row, column). Meant for tests, not for hot loops. */
  public float get(int row, int column) {
    return values[rowOffset(row) + column];
  }

  @Override
  public DenseRows slice(int from, int to) {
    return new DenseRows(values, rowOffset(from), to - from, columns);
  }

  /** Works on some rows. */
  @FunctionalInterface
  public interface Chunk {
    /** Works on rows {@code from} (inclusive) to {@code to} (exclusive). */
    void run(int from, int to);
  }

  /**
   * Divides rows {@code from} to {@code to}, exclusive, into chunks that stay in the cache, for
   * several element-wise operations on each.
   */
  public void forChunks(int from, int to, Chunk work) {
    int step = Math.max(1, CACHED_FLOATS / columns);
    for (int i = from; i < to; i += step) {
      work.run(i, Math.min(i + step, to));
    }
  }
}

package org.sparksae.core.linalg.bfloat16;

import org.sparksae.core.Text;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.natives.SharedLibraries;

/** Row-major values outside the heap. */
record OneDnnMatrix(Memory memory, ElementType type, int rows, int columns)
    implements Bfloat16Products.Matrix {

  static OneDnnMatrix zeros(SharedLibraries libraries, ElementType type, int rows, int columns) {
    long size = (long) rows * columns * type.bytes;
    if (rows < 0 || columns < 1 || size > Memory.MOST) {
      throw new IllegalArgumentException(
          Text.format(
              "a matrix must have 0 rows or more, a column or more and at most %d bytes, got %d x"
                  + " %d elements of %d",
              Memory.MOST, rows, columns, type.bytes));
    }
    return new OneDnnMatrix(Memory.allocate(libraries, (int) size), type, rows, columns);
  }

  @Override
  public void round(DenseRows from, int first) {
    if (from.columns() != columns || first < 0 || first > rows - from.rows()) {
      throw new IllegalArgumentException(
          Text.format(
              "%d x %d rows do not fit a matrix of %d x %d from row %d on",
              from.rows(), from.columns(), rows, columns, first));
    }
    type.round(
        from.values(),
        from.offset(),
        memory.bytes(),
        first * columns * type.bytes,
        from.rows() * columns);
  }

  /**
   * Returns a view of {@code count} rows from {@code first} on.
   *
   * @throws IllegalArgumentException if the matrix has fewer
   */
  View view(int first, int count) {
    if (first < 0 || count < 0 || first > rows - count) {
      throw new IllegalArgumentException(
          Text.format(
              "need %d rows from row %d on, but the matrix has %d rows", count, first, rows));
    }
    return new View(this, (long) first * columns, count, columns, columns, 1);
  }
}

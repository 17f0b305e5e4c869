package org.sparksae.spark.data;

import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Reads the values of rows as floats. {@link #open} moves to a row and checks its shape. Then its
 * values can be copied, once, before the row changes. Not thread-safe.
 */
public sealed interface RowReader permits FeatureReader, PairReader {
  /**
   * Moves to a row.
   *
   * @return what is wrong with it, or null
   */
  String open(InternalRow row);

  /** Whether the row that was opened last has values, but another number of them than it must. */
  boolean hasOtherSize();

  /** Whether the row may be stored as its non-zeros. */
  boolean isSparse();

  /** The most values that {@link #readEntries} copies. */
  int entries();

  /**
   * Copies the row's values.
   *
   * @param target receives all values from {@code offset} on; they are undefined if the row is not
   *     valid
   * @return what is wrong with the row, or null if it is valid
   */
  String read(float[] target, int offset);

  /**
   * Copies the values of a sparse row, without zeros, by ascending columns.
   *
   * @param target receives the values, at most {@link #entries()}, from {@code offset} on
   * @param columns receives the column of each value
   * @return the number of values, or -1 if the row is not valid; {@link #describe} then says why
   */
  int readEntries(float[] target, int[] columns, int offset);

  /** Describes why {@link #readEntries} has refused the row. */
  String describe();
}

package org.sparksae.core.rows;

/**
 * Consecutive rows of a partition, wherever they are stored: in arrays ({@link RowBlock}) or in a
 * mapped file ({@link RowFile}).
 */
public interface StoredBlock {

  /** Returns the number of rows. */
  int size();

  /** Returns the number of values in a row, 1 or more. */
  int columns();

  /**
   * Returns the number of the first row. Rows are numbered in the order of the training data,
   * wherever they are held.
   */
  long firstRow();

  /** Returns the same rows, numbered from {@code number} on. */
  StoredBlock startingAt(long number);

  /** Returns whether only the non-zeros are stored. */
  boolean isSparse();

  /** Returns whether rows have weights; otherwise each weighs 1. */
  boolean isWeighted();

  /** Returns the weight of row {@code row}. */
  float weight(int row);

  /**
   * Copies rows {@code from} (inclusive) to {@code to} (exclusive), with their zeros, to {@code
   * columns()} floats each of {@code target}.
   */
  void copyRows(int from, int to, float[] target, int offset);

  /** Returns the number of values that a sparse block stores of rows {@code from} to {@code to}. */
  int entries(int from, int to);

  /**
   * Copies what a sparse block stores of rows {@code from} to {@code to}.
   *
   * @param values gets {@link #entries} values from {@code offset} on
   * @param indices gets the column of each
   */
  void copyEntries(int from, int to, float[] values, int[] indices, int offset);

  /**
   * Reads the values of rows {@code from} to {@code to} from disk in one piece, if they are there,
   * so that copying them will not wait.
   */
  void load(int from, int to);

  /**
   * Returns rows {@code from} (inclusive) to {@code to} (exclusive), valid until the block or the
   * buffer changes.
   *
   * @param buffer gets a copy of rows that are not in arrays; its capacity is at least {@code to -
   *     from}
   */
  RowBlock tile(int from, int to, GatheredRows buffer);
}

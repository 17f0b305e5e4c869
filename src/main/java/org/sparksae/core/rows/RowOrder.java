package org.sparksae.core.rows;

import java.io.Serializable;

/**
 * The order in which an epoch visits the rows: a bijection of [0, size).
 *
 * <p>It depends on the number of rows, the seed, the epoch and the window alone, not on where the
 * rows are. Any position is computed on its own, in constant time and memory, so that every
 * partition finds its rows of a batch without a shuffle and without a table of all rows.
 */
public interface RowOrder extends Serializable {

  /**
   * The order of one epoch.
   *
   * @param size number of rows, 0 or more
   * @param window rows among which a batch is drawn, 1 or more; 0, or as many as there are rows,
   *     for all
   * @param seed the run's seed
   * @param epoch the epoch; each has its own order
   */
  static RowOrder of(long size, int window, long seed, int epoch) {
    return window == 0 || window >= size
        ? new RowPermutation(size, seed, epoch)
        : new WindowedOrder(size, window, seed, epoch);
  }

  /** Number of rows. */
  long size();

  /** The row at a position of the order; both in [0, size). */
  long rowAt(long position);

  /** The position of a row in the order; both in [0, size). */
  long positionOf(long row);

  /** The window that has a position in [0, size). */
  Window windowAt(long position);

  /** Consecutive positions, at which the rows of some chunks are visited. */
  interface Window {

    /** First position. */
    long from();

    /** One past the last position. */
    long to();

    /** Number of chunks. */
    int chunks();

    /** Number of the first row of chunk {@code chunk}. */
    long firstRow(int chunk);

    /** One past the number of the last row of chunk {@code chunk}. */
    long endRow(int chunk);
  }
}

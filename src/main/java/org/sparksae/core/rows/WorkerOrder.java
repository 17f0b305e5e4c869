package org.sparksae.core.rows;

import java.util.Arrays;
import java.util.function.IntToLongFunction;
import org.sparksae.core.Text;

/**
 * The order in which an epoch visits the rows of one worker. With it, a worker finds its rows of a
 * batch without looking at the rows of other workers. It takes 8 bytes per row, and one sort per
 * epoch.
 */
public final class WorkerOrder {
  private final int rowBits;

  /** {@code position in the epoch << rowBits | row of the worker}, ascending. */
  private final long[] visits;

  /**
   * Sorts a worker's rows by their positions in the epoch.
   *
   * @param rows number of the worker's rows
   * @param numbers number of each among the rows of all workers
   * @throws IllegalArgumentException if a position and a row together need more than 63 bits
   */
  public WorkerOrder(RowPermutation order, int rows, IntToLongFunction numbers) {
    this.rowBits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(0, rows - 1));
    int positionBits = Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, order.size() - 1));
    if (rowBits + positionBits >= Long.SIZE) {
      throw new IllegalArgumentException(
          Text.format(
              "%d rows in all, of which one worker has %d, are more than can be numbered",
              order.size(), rows));
    }
    this.visits = new long[rows];
    for (int row = 0; row < rows; row++) {
      visits[row] = order.positionOf(numbers.applyAsLong(row)) << rowBits | row;
    }
    Arrays.sort(visits);
  }

  /** Number of the worker's rows before a position of the epoch. */
  public int before(long position) {
    int found = Arrays.binarySearch(visits, position << rowBits);
    return found >= 0 ? found : -found - 1;
  }

  /** The worker's row, counted from 0, at a place of its order. */
  public int row(int visit) {
    return (int) (visits[visit] & (1L << rowBits) - 1);
  }
}

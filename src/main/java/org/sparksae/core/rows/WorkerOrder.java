package org.sparksae.core.rows;

import java.util.Arrays;
import java.util.function.IntToLongFunction;
import org.sparksae.core.Text;

/**
 * The order in which an epoch visits the rows of one worker, so that a batch costs what the worker
 * has of it, and not what all workers have.
 *
 * <p>8 bytes a row, and one sort an epoch.
 */
public final class WorkerOrder {
  private final int rowBits;

  /** {@code position in the epoch << rowBits | row among the worker's}, ascending. */
  private final long[] visits;

  /**
   * The visits of a worker's rows.
   *
   * @param rows how many it has
   * @param numbers the number of each among the rows of all workers
   * @throws IllegalArgumentException if there are too many rows to tell apart
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

  /** Number of the worker's rows that come before a position of the epoch. */
  public int before(long position) {
    int found = Arrays.binarySearch(visits, position << rowBits);
    return found >= 0 ? found : -found - 1;
  }

  /** The worker's row, counted from its first, of a visit. */
  public int row(int visit) {
    return (int) (visits[visit] & (1L << rowBits) - 1);
  }
}

package org.sparksae.core.rows;

import java.util.Arrays;
import org.sparksae.core.Text;

/**
 * The order in which an epoch visits the rows of one worker. With it, a worker finds its rows of a
 * batch without looking at the rows of other workers.
 *
 * <p>It holds a slice of the order at a time: the visits of one window, or of a part of the window
 * if the worker has more rows of it than a slice has room for. A slice takes 8 bytes for each of
 * its rows. Finding them takes one pass over the numbers of the worker's rows in that window, and a
 * sort.
 */
public final class WorkerOrder {
  /** Rows of a slice, about: 48 MB. */
  private static final int SLICE_ROWS = 6_000_000;

  private final RowOrder order;
  private final PartitionRows rows;
  private final ReadAhead ahead;
  private final int sliceRows;
  private final int rowBits;

  /** First position of the slice. */
  private long from;

  /** One past the last position of the slice. */
  private long to;

  /** {@code (position - from) << rowBits | row of the worker}, ascending. */
  private long[] visits = new long[0];

  private int count;

  /** Whether the slice is of a window, which the worker reads as a whole. */
  private boolean windowed;

  /**
   * The order of one epoch.
   *
   * @param rows the worker's rows
   * @param ahead reads the rows of its windows; null for nobody
   */
  public WorkerOrder(RowOrder order, PartitionRows rows, ReadAhead ahead) {
    this(order, rows, ahead, SLICE_ROWS);
  }

  /**
   * The order of one epoch.
   *
   * @param sliceRows rows of a slice, about
   */
  WorkerOrder(RowOrder order, PartitionRows rows, ReadAhead ahead, int sliceRows) {
    this.order = order;
    this.rows = rows;
    this.ahead = ahead;
    this.sliceRows = sliceRows;
    this.rowBits = bits(rows.rows());
  }

  /** Bits of a number in [0, end). */
  private static int bits(long end) {
    return Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, end - 1));
  }

  /**
   * Returns the worker's rows, each counted from 0, that the epoch visits at positions {@code from}
   * (inclusive) to {@code to} (exclusive), in their order. Batch after batch is fast.
   *
   * @throws IllegalArgumentException if a position and a row together need more than 62 bits
   */
  public int[] rowsAt(long from, long to) {
    int[] found = new int[0];
    long at = from;
    while (at < to) {
      seek(at);
      long end = Math.min(to, this.to);
      int[] more = rowsInSlice(at, end);
      int known = found.length;
      found = Arrays.copyOf(found, known + more.length);
      System.arraycopy(more, 0, found, known, more.length);
      at = end;
    }
    if (ahead != null && !windowed) {
      ahead.visit(rows, found, () -> rowsInSlice(to, Math.min(2 * to - from, this.to)));
    }
    return found;
  }

  /** Returns the worker's rows that the epoch visits at positions of the slice. */
  private int[] rowsInSlice(long from, long to) {
    int first = before(from);
    int[] found = new int[before(to) - first];
    for (int i = 0; i < found.length; i++) {
      found[i] = (int) (visits[first + i] & (1L << rowBits) - 1);
    }
    return found;
  }

  /** Visits that memory is held for; for tests. */
  int room() {
    return visits.length;
  }

  /** Number of the slice's visits before a position. */
  private int before(long position) {
    int visit = Arrays.binarySearch(visits, 0, count, (position - from) << rowBits);
    return visit >= 0 ? visit : -visit - 1;
  }

  /** Goes to the slice that has a position. */
  private void seek(long position) {
    if (position >= from && position < to) {
      return;
    }
    RowOrder.Window window = order.windowAt(position);
    readAhead(window);
    long own = ownRows(window);
    long slices = Math.max(1, (own + sliceRows - 1) / sliceRows);
    long length = (window.to() - window.from() + slices - 1) / slices;
    if (rowBits + bits(length) >= Long.SIZE - 1) {
      throw new IllegalArgumentException(
          Text.format(
              "%d rows in all, of which one worker has %d, are more than can be numbered",
              order.size(), rows.rows()));
    }
    from = window.from() + (position - window.from()) / length * length;
    to = Math.min(from + length, window.to());
    begin(own / slices);
    for (int chunk = 0; chunk < window.chunks(); chunk++) {
      rows.forEachIn(window.firstRow(chunk), window.endRow(chunk), this::add);
    }
    Arrays.sort(visits, 0, count);
  }

  /** The window of all rows is left out, because it need not fit in memory. */
  private void readAhead(RowOrder.Window window) {
    boolean isNew = from < window.from() || from >= window.to() || to == 0;
    windowed = window.to() - window.from() < order.size();
    if (ahead != null && isNew && windowed) {
      ahead.enter(order, window, rows);
    }
  }

  private long ownRows(RowOrder.Window window) {
    long own = 0;
    for (int chunk = 0; chunk < window.chunks(); chunk++) {
      own += rows.rowsBefore(window.endRow(chunk)) - rows.rowsBefore(window.firstRow(chunk));
    }
    return own;
  }

  /** Empties the slice. Chance gives it more rows than expected, but seldom many more. */
  private void begin(long expected) {
    count = 0;
    if (visits.length < expected) {
      // The old array can be collected before the new one is made.
      visits = new long[0];
      visits = new long[(int) (expected + expected / 32)];
    }
  }

  private void add(int row, long number) {
    long position = order.positionOf(number);
    if (position < from || position >= to) {
      return;
    }
    if (count == visits.length) {
      visits = Arrays.copyOf(visits, Math.max(1024, count + count / 8));
    }
    visits[count++] = (position - from) << rowBits | row;
  }
}

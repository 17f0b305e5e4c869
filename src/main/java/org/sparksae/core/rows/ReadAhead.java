package org.sparksae.core.rows;

import java.util.function.Supplier;

/**
 * Reads rows from disk, on threads of its own, before the worker visits them: those of its windows
 * in the order of the files, and without windows those of the next batch ({@link BatchReads}).
 *
 * <p>The threads start when they are first needed. Nothing depends on how far they come: rows that
 * are not read yet are read when they are visited.
 */
public final class ReadAhead implements AutoCloseable {
  private final ReadingThreads thread = new ReadingThreads(1, "sparsae-read-ahead");
  private final BatchReads batches;

  /** What the thread is to do; anything else is out of date. */
  private volatile Object wanted;

  public ReadAhead() {
    this(new BatchReads());
  }

  ReadAhead(BatchReads batches) {
    this.batches = batches;
  }

  /**
   * Reads the worker's rows of a window, and of the next one, which take the place of what was to
   * be read before.
   */
  void enter(RowOrder order, RowOrder.Window window, PartitionRows rows) {
    RowOrder.Window next = window.to() < order.size() ? order.windowAt(window.to()) : null;
    Object request = new Object();
    wanted = request;
    // If a file cannot be read, that shows where its rows are visited.
    thread.submit(
        () -> {
          load(request, window, rows);
          load(request, next, rows);
        });
  }

  /**
   * Tells that a batch of rows from anywhere is visited now.
   *
   * @param now the worker's rows of the batch
   * @param next returns those of the next one
   */
  void visit(PartitionRows rows, int[] now, Supplier<int[]> next) {
    batches.visit(rows, now, next);
  }

  private void load(Object request, RowOrder.Window window, PartitionRows rows) {
    for (int chunk = 0; window != null && chunk < window.chunks(); chunk++) {
      rows.forEachBlockIn(
          window.firstRow(chunk),
          window.endRow(chunk),
          (block, from, to) -> {
            if (wanted == request) {
              block.load(from, to);
            }
          });
    }
  }

  /** Ends the threads, and waits until they have read the rows or the block that they are at. */
  @Override
  public void close() {
    batches.close();
    wanted = null;
    thread.close();
  }
}

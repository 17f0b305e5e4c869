package org.sparksae.core.rows;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Reads the rows of a worker's windows from disk, in the order of the files, before the epoch
 * visits them in another order. It works on a thread of its own, while the worker computes.
 *
 * <p>The thread starts when it is first needed. Nothing depends on how far it comes: rows that it
 * has not read yet are read when they are visited.
 */
public final class ReadAhead implements AutoCloseable {
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "sparsae-read-ahead");
            thread.setDaemon(true);
            return thread;
          });

  /** What the thread is to do; anything else is out of date. */
  private volatile Object wanted;

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

  /** Ends the thread, and waits until it has read the block that it is at. */
  @Override
  public void close() {
    wanted = null;
    thread.shutdown();
    try {
      thread.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    } catch (InterruptedException ended) {
      // The thread ends all the same.
      Thread.currentThread().interrupt();
    }
  }
}

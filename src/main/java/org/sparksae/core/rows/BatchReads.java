package org.sparksae.core.rows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Reads a worker's rows of the next batch from disk while it computes, if they are not in memory.
 *
 * <p>These rows lie anywhere in the files. A page fault for each would wait for one read after the
 * other, and the kernel would read far more around a row than the row, up to the read-ahead of the
 * device (8 MB on some). Several threads read nothing but the rows, so that the disk has more than
 * one read to do at a time.
 *
 * <p>Whether rows are in memory is found by trying: every few milliseconds with some rows of a
 * batch. Reading begins when one of them took as long as a disk takes, and ends with a batch of
 * which hardly a row did. Rows from memory thus cost next to nothing.
 */
final class BatchReads implements AutoCloseable {
  private static final int THREADS = 8;

  /** No disk reads a page in less, and from memory a row takes a few microseconds. */
  private static final long SLOW_NANOS = 20_000;

  private static final long BETWEEN_TRIALS_NANOS = 10_000_000;
  private static final int TRIED_ROWS = 32;

  /** A thread loses its core now and then, so one slow row in this many proves nothing. */
  private static final int ROWS_PER_CHANCE = 128;

  private final ReadingThreads threads = new ReadingThreads(THREADS, "sparsae-batch-reads");
  private final long slowNanos;
  private final long betweenTrialsNanos;
  private boolean tried;
  private long lastTrial;
  private Reading pending;
  private volatile boolean closed;

  BatchReads() {
    this(SLOW_NANOS, BETWEEN_TRIALS_NANOS);
  }

  /**
   * With limits of its own.
   *
   * @param slowNanos a row that takes longer comes from disk
   * @param betweenTrialsNanos how long rows are taken to be in memory after a trial
   */
  BatchReads(long slowNanos, long betweenTrialsNanos) {
    this.slowNanos = slowNanos;
    this.betweenTrialsNanos = betweenTrialsNanos;
  }

  /**
   * Returns when the rows of a batch are in memory, or are taken to be there, and begins to read
   * those of the next.
   *
   * @param now rows of the batch that is visited now, counted from 0 within the worker's
   * @param next returns the rows of the next batch, or fewer of them
   */
  void visit(PartitionRows rows, int[] now, Supplier<int[]> next) {
    if (pending == null && !seemsOnDisk(rows, now)) {
      return;
    }
    if (pending == null || !Arrays.equals(pending.own, now)) {
      pending = new Reading(rows, now).begin();
    }
    boolean fromDisk = pending.await();
    pending = fromDisk ? new Reading(rows, next.get()).begin() : null;
  }

  private boolean seemsOnDisk(PartitionRows rows, int[] own) {
    if (tried && System.nanoTime() - lastTrial < betweenTrialsNanos) {
      return false;
    }
    boolean slow = false;
    int rowsToTry = Math.min(TRIED_ROWS, own.length);
    for (int i = 0; i < rowsToTry; i++) {
      slow |= takesLong(rows, own[(int) ((long) i * own.length / rowsToTry)]);
    }
    tried = true;
    lastTrial = System.nanoTime();
    return slow;
  }

  private boolean takesLong(PartitionRows rows, int row) {
    long start = System.nanoTime();
    rows.load(row);
    return System.nanoTime() - start > slowNanos;
  }

  /** Some rows that are being read. */
  private final class Reading {
    private final PartitionRows rows;
    private final int[] own;
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger slow = new AtomicInteger();
    private final List<Future<?>> parts = new ArrayList<>();

    Reading(PartitionRows rows, int[] own) {
      this.rows = rows;
      this.own = own;
    }

    Reading begin() {
      for (int i = 0; i < THREADS; i++) {
        parts.add(threads.submit(this::read));
      }
      return this;
    }

    private void read() {
      int at;
      while (!closed && (at = begun.getAndIncrement()) < own.length) {
        if (takesLong(rows, own[at])) {
          slow.incrementAndGet();
        }
      }
    }

    /** Returns whether the rows came from disk. */
    boolean await() {
      try {
        for (Future<?> part : parts) {
          part.get();
        }
      } catch (ExecutionException unreadable) {
        return false; // Shows where the rows are visited.
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
      }
      return slow.get() > own.length / ROWS_PER_CHANCE;
    }
  }

  /** Ends the threads, and waits until they have read the rows that they are at. */
  @Override
  public void close() {
    closed = true;
    threads.close();
  }
}

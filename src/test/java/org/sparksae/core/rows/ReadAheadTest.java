package org.sparksae.core.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.sparksae.core.linalg.DenseRows;

class ReadAheadTest {
  private static final int BLOCK_ROWS = 10;

  @FunctionalInterface
  private interface Loader {
    void load(long firstNumber, int rows) throws InterruptedException;
  }

  /** Rows 0 to 199 in blocks that say what is loaded of them. */
  private static PartitionRows rows(Loader loader) {
    List<StoredBlock> blocks = new ArrayList<>();
    for (long first = 0; first < 200; first += BLOCK_ROWS) {
      RowBlock block = new RowBlock(DenseRows.zeros(BLOCK_ROWS, 1), null).startingAt(first);
      InvocationHandler watched =
          (proxy, method, args) -> {
            if (method.getName().equals("load")) {
              loader.load(block.firstRow() + (int) args[0], (int) args[1] - (int) args[0]);
            }
            return method.invoke(block, args);
          };
      blocks.add(
          (StoredBlock)
              Proxy.newProxyInstance(
                  StoredBlock.class.getClassLoader(), new Class<?>[] {StoredBlock.class}, watched));
    }
    return new PartitionRows(blocks);
  }

  private static Set<Long> rowsOf(RowOrder order, RowOrder.Window... windows) {
    Set<Long> rows = new TreeSet<>();
    for (RowOrder.Window window : windows) {
      rows.addAll(batch(order, window.from(), window.to()));
    }
    return rows;
  }

  private static PartitionRows recording(Set<Long> loaded) {
    return rows(
        (first, count) -> {
          for (long row = first; row < first + count; row++) {
            loaded.add(row);
          }
        });
  }

  private static void await(Set<Long> expected, Set<Long> loaded) throws InterruptedException {
    for (int tries = 0; !loaded.containsAll(expected) && tries < 3000; tries++) {
      Thread.sleep(10);
    }
    assertEquals(expected, new TreeSet<>(loaded));
  }

  /** 200 rows by 36 are chunks of 6 rows, in windows of 5 or 6 chunks. */
  @Test
  void aWindowIsReadWithTheNextOneWhenItIsEntered() throws InterruptedException {
    RowOrder order = RowOrder.of(200, 36, 42, 1);
    Set<Long> loaded = new ConcurrentSkipListSet<>();
    try (ReadAhead ahead = new ReadAhead()) {
      // Slices of 5 rows: a window has several.
      WorkerOrder own = new WorkerOrder(order, recording(loaded), ahead, 5);
      RowOrder.Window first = order.windowAt(0);
      RowOrder.Window second = order.windowAt(first.to());
      own.rowsAt(0, first.to());
      await(rowsOf(order, first, second), loaded);
      loaded.clear();
      own.rowsAt(first.to(), first.to() + 1);
      await(rowsOf(order, second, order.windowAt(second.to())), loaded);
      loaded.clear();
      own.rowsAt(199, 200);
      await(rowsOf(order, order.windowAt(199)), loaded);
    }
  }

  private static Set<Long> batch(RowOrder order, long from, long to) {
    Set<Long> rows = new TreeSet<>();
    for (long position = from; position < to; position++) {
      rows.add(order.rowAt(position));
    }
    return rows;
  }

  /** All rows need not fit in memory. */
  @Test
  void withoutWindowsTheNextBatchIsReadIfThisOneIsOnDisk() throws InterruptedException {
    RowOrder order = RowOrder.of(200, 0, 42, 1);
    Set<Long> loaded = new ConcurrentSkipListSet<>();
    try (ReadAhead ahead = new ReadAhead(new BatchReads(-1, Long.MAX_VALUE))) {
      WorkerOrder own = new WorkerOrder(order, recording(loaded), ahead);
      own.rowsAt(0, 30);
      assertTrue(loaded.containsAll(batch(order, 0, 30)), "rows are there when they are visited");
      await(batch(order, 0, 60), loaded);
      own.rowsAt(30, 60);
      await(batch(order, 0, 90), loaded);
    }
  }

  @Test
  void rowsInMemoryAreTriedOnly() {
    RowOrder order = RowOrder.of(200, 0, 42, 1);
    Set<Long> loaded = new ConcurrentSkipListSet<>();
    try (ReadAhead ahead = new ReadAhead(new BatchReads(Long.MAX_VALUE, Long.MAX_VALUE))) {
      WorkerOrder own = new WorkerOrder(order, recording(loaded), ahead);
      own.rowsAt(0, 100);
      own.rowsAt(100, 200);
    }
    assertEquals(32, loaded.size());
    assertTrue(batch(order, 0, 100).containsAll(loaded));
  }

  @Test
  void readingEndsWhenRowsAreInMemory() throws InterruptedException {
    RowOrder order = RowOrder.of(200, 0, 42, 1);
    Set<Long> loaded = new ConcurrentSkipListSet<>();
    AtomicBoolean onDisk = new AtomicBoolean(true);
    PartitionRows rows =
        rows(
            (first, count) -> {
              boolean slow = onDisk.get();
              loaded.add(first);
              if (slow) {
                Thread.sleep(60);
              }
            });
    long limit = TimeUnit.MILLISECONDS.toNanos(50);
    try (ReadAhead ahead = new ReadAhead(new BatchReads(limit, Long.MAX_VALUE))) {
      WorkerOrder own = new WorkerOrder(order, rows, ahead);
      own.rowsAt(0, 2);
      await(batch(order, 0, 4), loaded);
      onDisk.set(false);
      own.rowsAt(2, 4);
      own.rowsAt(4, 6);
      own.rowsAt(6, 8);
    }
    assertEquals(batch(order, 0, 6), loaded, "the batch of rows 4 and 5 was found in memory");
  }

  /** However much there is to read, and whoever is told to end. */
  @Test
  void theThreadEndsWhenItIsClosed() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    List<Long> loaded = new ArrayList<>();
    Thread[] thread = new Thread[1];
    PartitionRows rows =
        rows(
            (first, count) -> {
              thread[0] = Thread.currentThread();
              loaded.add(first);
              begun.countDown();
              goOn.await();
            });
    ReadAhead ahead = new ReadAhead();
    new WorkerOrder(RowOrder.of(200, 100, 42, 1), rows, ahead).rowsAt(0, 1);
    begun.await();
    assertTrue(thread[0].isDaemon());
    Thread.currentThread().interrupt();
    ahead.close();
    assertTrue(Thread.interrupted(), "the interrupt is kept for whoever waits next");
    goOn.countDown();
    thread[0].join(60_000);
    assertFalse(thread[0].isAlive());
    assertEquals(1, loaded.size(), "it reads no further");
  }

  /** A file that became shorter, for example. */
  @Test
  void failuresAreLeftToWhoeverVisitsTheRows() throws InterruptedException {
    Semaphore calls = new Semaphore(0);
    PartitionRows rows =
        rows(
            (first, count) -> {
              calls.release();
              throw new InternalError("a fault occurred");
            });
    try (ReadAhead ahead = new ReadAhead()) {
      WorkerOrder own = new WorkerOrder(RowOrder.of(200, 36, 42, 1), rows, ahead);
      assertEquals(1, own.rowsAt(0, 1).length);
      calls.acquire();
      assertEquals(1, own.rowsAt(100, 101).length);
      calls.acquire();
    }
  }
}

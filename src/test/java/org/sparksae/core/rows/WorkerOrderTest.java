package org.sparksae.core.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.sparksae.core.linalg.DenseRows;

class WorkerOrderTest {

  /** Rows of one worker, in blocks of some sizes, numbered from {@code first} on. */
  private static PartitionRows worker(long first, int... blocks) {
    List<RowBlock> all = new ArrayList<>();
    for (int size : blocks) {
      all.add(new RowBlock(DenseRows.zeros(size, 1), null));
    }
    return new PartitionRows(all, first);
  }

  /** Three cuts of 101 rows among workers, whose rows are numbered one after the other. */
  private static List<List<PartitionRows>> cuts() {
    return List.of(
        List.of(worker(0, 101)),
        List.of(worker(0, 13, 40), worker(53, 48)),
        List.of(worker(0, 40), worker(40), worker(40, 1), worker(41, 3, 0, 50, 7)));
  }

  /**
   * Every worker finds its own rows of a batch, in the order of the batch, whatever it has room
   * for.
   */
  @Test
  void visitsAreThoseOfTheEpoch() {
    for (int window : new int[] {0, 1, 9, 30, 100}) {
      RowOrder order = RowOrder.of(101, window, 42, 3);
      for (List<PartitionRows> workers : cuts()) {
        for (int room : new int[] {1, 7, 1000}) {
          long first = 0;
          for (PartitionRows rows : workers) {
            WorkerOrder own = new WorkerOrder(order, rows, null, room);
            for (int from = 0; from < 101; from += 17) {
              int to = Math.min(101, from + 17);
              assertArrayEquals(expected(order, from, to, first, rows), own.rowsAt(from, to));
            }
            first += rows.rows();
          }
        }
      }
    }
  }

  private static int[] expected(RowOrder order, int from, int to, long first, PartitionRows rows) {
    return LongStream.range(from, to)
        .map(position -> order.rowAt(position) - first)
        .filter(row -> row >= 0 && row < rows.rows())
        .mapToInt(row -> (int) row)
        .toArray();
  }

  /** As of blocks that were dealt out in turn: the rows between are another worker's. */
  @Test
  void numbersOfAWorkerMayHaveGaps() {
    List<StoredBlock> blocks = new ArrayList<>();
    for (long first = 3; first < 90; first += 10) {
      blocks.add(new RowBlock(DenseRows.zeros(4, 1), null).startingAt(first));
    }
    RowOrder order = RowOrder.of(90, 25, 42, 1);
    WorkerOrder own = new WorkerOrder(order, new PartitionRows(blocks), null, 10);
    int[] expected =
        LongStream.range(0, 90)
            .map(order::rowAt)
            .filter(row -> row % 10 >= 3 && row % 10 < 7)
            .mapToInt(row -> (int) (4 * (row / 10) + row % 10 - 3))
            .toArray();
    assertArrayEquals(expected, own.rowsAt(0, 90));
  }

  @Test
  void anyBatchCanBeAskedFirst() {
    RowOrder order = RowOrder.of(101, 30, 42, 1);
    PartitionRows rows = worker(0, 101);
    int[] all = new WorkerOrder(order, rows, null, 7).rowsAt(0, 101);
    WorkerOrder own = new WorkerOrder(order, rows, null, 7);
    for (int from = 90; from >= 0; from -= 10) {
      int start = from;
      int[] expected = IntStream.range(from, from + 10).map(i -> all[i]).toArray();
      assertArrayEquals(expected, own.rowsAt(start, start + 10));
    }
    assertEquals(0, own.rowsAt(50, 50).length);
  }

  /** However many rows a worker has, a slice of them is in memory, with and without windows. */
  @Test
  void memoryIsBounded() {
    int size = 200_000;
    PartitionRows rows = worker(0, IntStream.range(0, 200).map(block -> 1000).toArray());
    for (int window : new int[] {0, 5000, 100_000}) {
      WorkerOrder own = new WorkerOrder(RowOrder.of(size, window, 42, 1), rows, null, 10_000);
      int visits = 0;
      for (int from = 0; from < size; from += 5000) {
        visits += own.rowsAt(from, from + 5000).length;
        assertTrue(own.room() <= 12_000, () -> "room for " + own.room());
      }
      assertEquals(size, visits);
    }
  }

  @Test
  void moreRowsThanCanBeNumberedAreRefused() {
    PartitionRows rows = worker((1L << 40) - 3, 3);
    assertEquals(
        3,
        new WorkerOrder(new RowPermutation(1L << 40, 1, 1), rows, null).rowsAt(0, 1L << 40).length);
    WorkerOrder order = new WorkerOrder(new RowPermutation(1L << 61, 1, 1), rows, null);
    String message =
        assertThrows(IllegalArgumentException.class, () -> order.rowsAt(0, 1)).getMessage();
    assertTrue(message.contains("rows in all, of which one worker has 3, are more"), message);
  }
}

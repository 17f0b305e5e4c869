package org.sparksae.core.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WindowedOrderTest {
  private static final int[] SIZES = {2, 3, 5, 8, 17, 64, 65, 101, 1000, 1024, 4097};

  private static long[] rows(RowOrder order, long from, long to) {
    return LongStream.range(from, to).map(order::rowAt).toArray();
  }

  private static long[] rows(int size, int window, long seed, int epoch) {
    return rows(RowOrder.of(size, window, seed, epoch), 0, size);
  }

  /** Windows that divide the rows evenly, and others; of one row, and of all but one. */
  private static IntStream windows(int size) {
    return IntStream.of(1, 2, 3, 4, 7, 16, 50, 64, 100, size / 2, size - 1)
        .filter(window -> window >= 1 && window < size)
        .distinct();
  }

  @Test
  void everyRowOnceAndPositionsAreFoundBack() {
    for (int size : SIZES) {
      windows(size)
          .forEach(
              window -> {
                for (int epoch = 0; epoch < 3; epoch++) {
                  RowOrder order = RowOrder.of(size, window, 42, epoch);
                  long[] rows = rows(order, 0, size);
                  for (int position = 0; position < size; position++) {
                    assertEquals(position, order.positionOf(rows[position]));
                  }
                  Arrays.sort(rows);
                  assertArrayEquals(LongStream.range(0, size).toArray(), rows);
                }
              });
    }
  }

  @Test
  void aWindowVisitsTheRowsOfItsChunks() {
    for (int size : SIZES) {
      windows(size)
          .forEach(
              limit -> {
                RowOrder order = RowOrder.of(size, limit, 7, 1);
                long from = 0;
                while (from < size) {
                  RowOrder.Window window = order.windowAt(from);
                  assertEquals(from, window.from());
                  assertTrue(window.to() - from <= limit, () -> size + " rows by " + limit);
                  assertEquals(window.to(), order.windowAt(window.to() - 1).to());
                  long[] visited = rows(order, from, window.to());
                  Arrays.sort(visited);
                  assertArrayEquals(chunks(window), visited);
                  from = window.to();
                }
                assertEquals(size, from);
              });
    }
  }

  private static long[] chunks(RowOrder.Window window) {
    return IntStream.range(0, window.chunks())
        .mapToObj(chunk -> LongStream.range(window.firstRow(chunk), window.endRow(chunk)))
        .flatMapToLong(chunk -> chunk)
        .sorted()
        .toArray();
  }

  /** Windows of 100 rows have 10 chunks of 10 rows: 1000 rows are 10 equal windows. */
  @Test
  void windowsAreAsEqualAsChunksAllow() {
    for (int size : new int[] {1000, 1001, 1049}) {
      RowOrder order = RowOrder.of(size, 100, 42, 1);
      int least = size;
      for (long from = 0; from < size; from = order.windowAt(from).to()) {
        RowOrder.Window window = order.windowAt(from);
        assertEquals(0, window.firstRow(0) % 10);
        least = Math.min(least, (int) (window.to() - from));
      }
      assertTrue(least >= (size == 1000 ? 100 : 81), "got " + least);
    }
  }

  @Test
  void aWindowOfAllRowsIsTheOrderWithoutWindows() {
    long[] plain = rows(100, 0, 42, 3);
    assertArrayEquals(
        LongStream.range(0, 100).map(new RowPermutation(100, 42, 3)::rowAt).toArray(), plain);
    assertArrayEquals(plain, rows(100, 100, 42, 3));
    assertArrayEquals(plain, rows(100, Integer.MAX_VALUE, 42, 3));
    assertFalse(Arrays.equals(plain, rows(100, 99, 42, 3)));
    assertEquals(0, RowOrder.of(0, 5, 42, 3).size());
  }

  @Test
  void seedEpochAndWindowDecide() {
    assertArrayEquals(rows(1000, 50, 42, 3), rows(1000, 50, 42, 3));
    assertFalse(Arrays.equals(rows(1000, 50, 42, 3), rows(1000, 50, 42, 4)));
    assertFalse(Arrays.equals(rows(1000, 50, 42, 3), rows(1000, 50, 43, 3)));
    assertFalse(Arrays.equals(rows(1000, 50, 42, 3), rows(1000, 60, 42, 3)));
  }

  /** Whatever was asked before, by whomever, and wherever the order was sent. */
  @Test
  void anyPositionCanBeAskedFirst() throws Exception {
    RowOrder order = RowOrder.of(1049, 100, 42, 1);
    long[] expected = rows(order, 0, 1049);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(order);
    }
    ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()));
    RowOrder copy = (RowOrder) in.readObject();
    for (int position = 1048; position >= 0; position -= 13) {
      assertEquals(expected[position], copy.rowAt(position));
      assertEquals(expected[position], RowOrder.of(1049, 100, 42, 1).rowAt(position));
    }
  }

  @Test
  void hugeSizesNeedNoTable() {
    long size = (1L << 40) + 12345;
    RowOrder order = RowOrder.of(size, 1 << 20, 42, 0);
    for (long position = size - 2000; position < size; position++) {
      assertEquals(position, order.positionOf(order.rowAt(position)));
    }
    long[] rows = rows(order, size - 2000, size);
    Arrays.sort(rows);
    assertEquals(2000, Arrays.stream(rows).distinct().count());
    assertTrue(rows[0] < size / 10 && rows[1999] > size - size / 10);
  }

  /**
   * Where a row lands, and which row comes first or last, over 1000 size epochs: chi-square with
   * size - 1 degrees of freedom has mean size - 1 and variance 2 (size - 1); the bound lies 5
   * standard deviations above. 60 rows by 16 are 15 chunks of 4, in windows of 4, 4, 4 and 3.
   */
  @Test
  void everyPositionIsEquallyLikely() {
    int size = 60;
    int[][] counts = new int[4][size];
    for (int epoch = 0; epoch < 1000 * size; epoch++) {
      RowOrder order = RowOrder.of(size, 16, 42, epoch);
      counts[0][(int) order.positionOf(0)]++;
      counts[1][(int) order.positionOf(size - 1)]++;
      counts[2][(int) order.rowAt(0)]++;
      counts[3][(int) order.rowAt(size - 1)]++;
    }
    double bound = size - 1 + 5 * Math.sqrt(2.0 * (size - 1));
    for (int[] count : counts) {
      double expected = 1000;
      double chi =
          Arrays.stream(count).mapToDouble(n -> (n - expected) * (n - expected) / expected).sum();
      assertTrue(chi < bound, () -> "got " + chi);
    }
  }

  /**
   * Two chunks meet in a window as often as chance has it: 15 chunks in windows of 4, 4, 4 and 3
   * have 105 pairs, 21 of them in one window. Over 10 000 epochs that is 2000 times, with a
   * standard deviation of 40. Rows of one chunk always meet, but not side by side.
   */
  @Test
  void chunksMeetByChance() {
    int meetings = 0;
    int neighbours = 0;
    for (int epoch = 0; epoch < 10_000; epoch++) {
      RowOrder order = RowOrder.of(60, 16, 42, epoch);
      meetings += together(order, 0, 59) ? 1 : 0;
      assertTrue(together(order, 0, 3));
      neighbours += Math.abs(order.positionOf(0) - order.positionOf(1)) == 1 ? 1 : 0;
    }
    assertEquals(2000, meetings, 200);
    // Of two places among 16 (or 12), 15 of 120 pairs (11 of 66) are neighbours.
    assertEquals(10_000 * (0.8 / 8 + 0.2 / 6), neighbours, 200);
  }

  private static boolean together(RowOrder order, long one, long other) {
    return order.windowAt(order.positionOf(one)).from()
        == order.windowAt(order.positionOf(other)).from();
  }
}

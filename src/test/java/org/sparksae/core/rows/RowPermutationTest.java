package org.sparksae.core.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowPermutationTest {

  @ParameterizedTest(name = "{0} rows")
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 16, 17, 64, 65, 1000, 4096, 4097})
  void everyRowOnce(int size) {
    for (int epoch = 0; epoch < 5; epoch++) {
      long[] rows = order(size, 42, epoch);
      Arrays.sort(rows);
      assertArrayEquals(LongStream.range(0, size).toArray(), rows);
    }
  }

  @Test
  void noRows() {
    assertEquals(0, new RowPermutation(0, 42, 0).size());
  }

  @Test
  void hugeSizesNeedNoTable() {
    long size = (1L << 40) + 12345;
    RowPermutation order = new RowPermutation(size, 42, 0);
    long[] rows = LongStream.range(size - 1000, size).map(order::rowAt).sorted().toArray();
    assertEquals(1000, Arrays.stream(rows).distinct().count());
    assertTrue(rows[0] >= 0 && rows[999] < size);
    // 1000 uniform rows: the smallest lies above a tenth of the size with probability 0.9^1000.
    assertTrue(rows[0] < size / 10 && rows[999] > size - size / 10);
  }

  @Test
  void positionsAreFoundBack() {
    for (long size : new long[] {1, 2, 3, 7, 64, 1000, (1L << 40) + 12345}) {
      RowPermutation order = new RowPermutation(size, 42, 3);
      for (long position = Math.max(0, size - 1000); position < size; position++) {
        assertEquals(position, order.positionOf(order.rowAt(position)));
      }
    }
  }

  @Test
  void seedAndEpochDecide() {
    assertArrayEquals(order(1000, 42, 3), order(1000, 42, 3));
    assertFalse(Arrays.equals(order(1000, 42, 3), order(1000, 42, 4)));
    assertFalse(Arrays.equals(order(1000, 42, 3), order(1000, 43, 3)));
    assertFalse(Arrays.equals(order(1000, 0, 1), order(1000, 1, 0)));
  }

  /** Two unrelated orders of 1000 rows agree at about one position: Poisson(1), P(>= 9) = 1e-6. */
  @Test
  void ordersOfSuccessiveEpochsAreUnrelated() {
    for (int epoch = 0; epoch < 100; epoch++) {
      long[] one = order(1000, 42, epoch);
      long[] next = order(1000, 42, epoch + 1);
      int agree = 0;
      for (int i = 0; i < one.length; i++) {
        agree += one[i] == next[i] ? 1 : 0;
      }
      assertTrue(agree < 9, "epochs " + epoch + " and next agree at " + agree);
    }
  }

  /**
   * Where row 0 lands, and the first row, over 1000 size epochs: chi-square with size - 1 degrees
   * of freedom has mean size - 1 and variance 2 (size - 1); the bound lies 5 standard deviations
   * above.
   */
  @ParameterizedTest(name = "{0} rows")
  @ValueSource(ints = {2, 3, 5, 7, 10, 16, 60, 64})
  void everyPositionIsEquallyLikely(int size) {
    int[] positionOfRow0 = new int[size];
    int[] rowAtPosition0 = new int[size];
    int epochs = 1000 * size;
    for (int epoch = 0; epoch < epochs; epoch++) {
      RowPermutation order = new RowPermutation(size, 42, epoch);
      rowAtPosition0[(int) order.rowAt(0)]++;
      int position = 0;
      while (order.rowAt(position) != 0) {
        position++;
      }
      positionOfRow0[position]++;
    }
    double bound = size - 1 + 5 * Math.sqrt(2.0 * (size - 1));
    assertTrue(chiSquare(positionOfRow0) < bound, () -> "got " + chiSquare(positionOfRow0));
    assertTrue(chiSquare(rowAtPosition0) < bound, () -> "got " + chiSquare(rowAtPosition0));
  }

  /** A seeded shuffle must not leave neighbours together: first-order serial correlation. */
  @Test
  void neighboursAreTornApart() {
    int size = 4097;
    double mean = (size - 1) / 2.0;
    double variance = (size * (double) size - 1) / 12;
    for (int epoch = 0; epoch < 20; epoch++) {
      long[] rows = order(size, 42, epoch);
      double sum = 0;
      for (int i = 1; i < size; i++) {
        sum += (rows[i] - mean) * (rows[i - 1] - mean);
      }
      // about normal with standard deviation 1/sqrt(size)
      double correlation = sum / (size - 1) / variance;
      assertTrue(Math.abs(correlation) < 5 / Math.sqrt(size), "got " + correlation);
    }
  }

  private static double chiSquare(int[] counts) {
    double expected = Arrays.stream(counts).sum() / (double) counts.length;
    return Arrays.stream(counts)
        .mapToDouble(count -> (count - expected) * (count - expected) / expected)
        .sum();
  }

  private static long[] order(int size, long seed, int epoch) {
    RowPermutation order = new RowPermutation(size, seed, epoch);
    return LongStream.range(0, size).map(order::rowAt).toArray();
  }
}

package org.sparksae.core.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerOrderTest {

  /** Every worker finds its own rows of a batch, in the order of the batch. */
  @Test
  void visitsAreThoseOfTheEpoch() {
    int[] sizes = {40, 0, 1, 60};
    RowPermutation order = new RowPermutation(101, 42, 3);
    int first = 0;
    for (int size : sizes) {
      int start = first;
      WorkerOrder own = new WorkerOrder(order, size, row -> start + row);
      for (int from = 0; from < 101; from += 17) {
        int to = Math.min(101, from + 17);
        List<Integer> expected = new ArrayList<>();
        for (int position = from; position < to; position++) {
          int row = (int) order.rowAt(position) - first;
          if (row >= 0 && row < size) {
            expected.add(row);
          }
        }
        List<Integer> actual = new ArrayList<>();
        for (int visit = own.before(from); visit < own.before(to); visit++) {
          actual.add(own.row(visit));
        }
        assertEquals(expected, actual);
      }
      first += size;
    }
  }

  @Test
  void moreRowsThanCanBeNumberedAreRefused() {
    RowPermutation order = new RowPermutation(1L << 40, 1, 1);
    assertEquals(0, new WorkerOrder(order, 1, row -> 1L << 39).row(0));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new WorkerOrder(order, Integer.MAX_VALUE, row -> row))
            .getMessage();
    assertTrue(message.contains("of which one worker has 2147483647"), message);
  }
}

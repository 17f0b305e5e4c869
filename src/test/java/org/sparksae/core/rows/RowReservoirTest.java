package org.sparksae.core.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RowReservoirTest {

  /** The first row is i with probability w_i / W, the second j with w_j / (W - w_i). */
  @Test
  void rowsArePickedByTheirWeights() {
    double[] weights = {1, 0, 2, 5, Double.NaN};
    int[] first = new int[5];
    int second = 0;
    int trials = 20_000;
    for (int seed = 0; seed < trials; seed++) {
      RowReservoir reservoir = new RowReservoir(2, seed);
      for (int row = 0; row < 5; row++) {
        reservoir.offer(1, row, weights[row]);
      }
      long[] rows = reservoir.rows();
      first[(int) rows[0]]++;
      second += rows[0] == 3 && rows[1] == 2 ? 1 : 0;
    }
    assertEquals(0, first[1] + first[4]);
    // Five standard deviations of a share near 1/2 are 0.018.
    assertEquals(1 / 8.0, (double) first[0] / trials, 0.018);
    assertEquals(2 / 8.0, (double) first[2] / trials, 0.018);
    assertEquals(5 / 8.0, (double) first[3] / trials, 0.018);
    assertEquals(5 / 8.0 * 2 / 3, (double) second / trials, 0.018);
  }

  private static RowReservoir offered(long seed, int from, int to, boolean backwards) {
    RowReservoir reservoir = new RowReservoir(7, seed);
    for (int i = from; i < to; i++) {
      int row = backwards ? to - 1 - i + from : i;
      reservoir.offer(3 + row / 50, row, 1 + row % 3);
    }
    return reservoir;
  }

  @Test
  void theOrderOfVisitsAndAPauseDoNotMatter() {
    long[] rows = offered(1, 0, 100, false).rows();
    assertEquals(7, rows.length);
    assertArrayEquals(rows, offered(1, 0, 100, true).rows());
    assertFalse(Arrays.equals(rows, offered(2, 0, 100, false).rows()));
    RowReservoir resumed = new RowReservoir(7, 1);
    resumed.restore(offered(1, 0, 40, false).state());
    for (int row = 40; row < 100; row++) {
      resumed.offer(3 + row / 50, row, 1 + row % 3);
    }
    assertArrayEquals(rows, resumed.rows());
    resumed.clear();
    assertArrayEquals(new long[0], resumed.rows());
    assertArrayEquals(new double[14], resumed.state());
  }

  /** Visits of different steps have different luck, but a row is in the sample once. */
  @Test
  void aRowThatIsVisitedAgainIsPickedOnce() {
    RowReservoir reservoir = new RowReservoir(4, 1);
    for (int step = 1; step <= 4; step++) {
      reservoir.offer(step, 11, step);
    }
    assertEquals(8, Arrays.stream(reservoir.state()).distinct().count() + 3);
    assertArrayEquals(new long[] {11}, reservoir.rows());
  }
}

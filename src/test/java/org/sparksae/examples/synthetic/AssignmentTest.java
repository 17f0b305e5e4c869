package org.sparksae.examples.synthetic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AssignmentTest {

  /** The row-wise best, 5 and 4 in the first column, exclude each other. */
  @Test
  void theSumCounts() {
    assertArrayEquals(new int[] {1, 0}, Assignment.best(new float[][] {{5, 4}, {4, 1}}));
    assertArrayEquals(new int[] {-1, 0}, Assignment.best(new float[][] {{1}, {2}}));
  }

  /** Against all assignments, of both shapes, with ties, zeros and negative gains. */
  @Test
  void noOtherAssignmentIsBetter() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 300; i++) {
      int rows = 1 + random.nextInt(5);
      int columns = 1 + random.nextInt(6);
      float[][] gains = new float[rows][columns];
      for (float[] row : gains) {
        for (int j = 0; j < columns; j++) {
          row[j] = random.nextInt(7) / 2f - 1;
        }
      }
      int[] columnOf = Assignment.best(gains);
      assertEquals(best(gains, 0, new boolean[columns], rows - columns), sum(gains, columnOf));
      int[] used = Arrays.stream(columnOf).filter(j -> j >= 0).toArray();
      assertEquals(Math.min(rows, columns), Arrays.stream(used).distinct().count());
      assertEquals(used.length, Arrays.stream(used).distinct().count());
    }
  }

  private static double sum(float[][] gains, int[] columnOf) {
    double sum = 0;
    for (int i = 0; i < gains.length; i++) {
      sum += columnOf[i] < 0 ? 0 : gains[i][columnOf[i]];
    }
    return sum;
  }

  /** The largest sum of the rows from {@code row} on, if {@code spare} of them may be left over. */
  private static double best(float[][] gains, int row, boolean[] used, int spare) {
    if (row == gains.length) {
      return 0;
    }
    double best = spare > 0 ? best(gains, row + 1, used, spare - 1) : Double.NEGATIVE_INFINITY;
    for (int j = 0; j < used.length; j++) {
      if (!used[j]) {
        used[j] = true;
        best = Math.max(best, gains[row][j] + best(gains, row + 1, used, spare));
        used[j] = false;
      }
    }
    return best;
  }
}

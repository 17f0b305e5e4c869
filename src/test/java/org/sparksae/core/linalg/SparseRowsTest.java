package org.sparksae.core.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SparseRowsTest {

  /**
   * Between strangers, with its columns in any order:
   *
   * <pre>
   *   0 7 0
   *   0 0 0
   *   2 0 5
   *   0 0 4
   * </pre>
   */
  private static SparseRows example() {
    float[] values = {9, 7, 5, 2, 4, 9};
    int[] indices = {0, 1, 2, 0, 2, 0};
    return new SparseRows(values, indices, new int[] {0, 1, 2, 2, 4, 5}, 1, 4, 3);
  }

  @Test
  void rowsAndTheirEntries() {
    SparseRows x = example();
    assertEquals(4, x.rows());
    assertEquals(3, x.columns());
    assertEquals(4, x.entries());
    assertArrayEquals(new int[] {1, 2, 2, 4}, new int[] {x.start(0), x.end(0), x.end(1), x.end(2)});
    float[] copied = new float[14];
    Arrays.fill(copied, 8);
    for (int i = 0; i < 4; i++) {
      x.copyRow(i, copied, 1 + 3 * i);
    }
    assertArrayEquals(new float[] {8, 0, 7, 0, 0, 0, 0, 2, 0, 5, 0, 0, 4, 8}, copied);
  }

  @Test
  void sliceIsAView() {
    SparseRows slice = example().slice(1, 4).slice(1, 3);
    assertEquals(2, slice.rows());
    assertEquals(3, slice.entries());
    float[] row = new float[3];
    slice.copyRow(0, row, 0);
    assertArrayEquals(new float[] {2, 0, 5}, row);
    SparseRows x = example();
    assertSame(x.values(), x.slice(2, 2).values());
    assertEquals(0, x.slice(4, 4).entries());
  }

  @Test
  void subtractedFromDenseRowsWhereverTheyLie() {
    float[] values = new float[14];
    Arrays.fill(values, 1);
    example().subtractFrom(new DenseRows(values, 1, 4, 3));
    assertArrayEquals(new float[] {1, 1, -6, 1, 1, 1, 1, -1, 1, -4, 1, 1, -3, 1}, values);
  }

  @Test
  void columnSumsAreWeighted() {
    double[] sums = {100, 100, 100, 100};
    example().addWeightedColumnSums(null, sums, 1);
    assertArrayEquals(new double[] {100, 102, 107, 109}, sums);
    example().addWeightedColumnSums(new float[] {0.5f, 3, 2, 0, 77}, sums, 0);
    assertArrayEquals(new double[] {104, 105.5, 117, 109}, sums);
  }

  @Test
  void arraysThatAreTooShortAreRefused() {
    float[] values = {1, 2};
    int[] indices = {0, 1};
    assertRefused(() -> new SparseRows(values, indices, new int[] {0, 1}, 0, 2, 2));
    assertRefused(() -> new SparseRows(values, indices, new int[] {0, 1, 3}, 0, 2, 2));
    assertRefused(() -> new SparseRows(values, new int[1], new int[] {0, 1, 2}, 0, 2, 2));
    assertRefused(() -> new SparseRows(values, indices, new int[] {-1, 1, 2}, 0, 2, 2));
    assertRefused(() -> new SparseRows(values, indices, new int[] {0, 1, 2}, -1, 2, 2));
    assertRefused(() -> new SparseRows(values, indices, new int[] {0, 1, 2}, 0, 2, 0));
    assertRefused(() -> new SparseRows(values, indices, new int[] {0}, 0, Integer.MAX_VALUE, 2));
    assertRefused(() -> example().slice(2, 6));
    assertRefused(() -> example().slice(2, 1));
  }

  private static void assertRefused(Executable executable) {
    assertThrows(IllegalArgumentException.class, executable);
  }

  /** Every entry once, under its column, in ascending order of the rows; in reused arrays. */
  @Test
  void columnEntriesAreTheTranspose() {
    SplittableRandom random = new SplittableRandom(1);
    ColumnEntries entries = new ColumnEntries();
    int[][] shapes = {{5, 3}, {0, 3}, {40, 29}, {1, 1}, {7, 50}};
    for (int[] shape : shapes) {
      SparseRows x = random(random, shape[0], shape[1]);
      int half = shape[1] / 2;
      for (int[] range : new int[][] {{0, shape[1]}, {0, half}, {half, shape[1]}, {half, half}}) {
        entries.build(x, range[0], range[1]);
        for (int j = range[0]; j < range[1]; j++) {
          assertColumn(x, j, entries);
        }
      }
    }
  }

  private static void assertColumn(SparseRows x, int j, ColumnEntries entries) {
    int at = entries.start(j);
    for (int i = 0; i < x.rows(); i++) {
      for (int p = x.start(i); p < x.end(i); p++) {
        if (x.indices()[p] == j) {
          assertEquals(i, entries.rows()[at]);
          assertEquals(p, entries.places()[at]);
          assertEquals(x.values()[p], entries.values()[at]);
          at++;
        }
      }
    }
    assertEquals(at, entries.end(j));
  }

  /** About a third of the entries; row 1 and column 0 have none. */
  private static SparseRows random(SplittableRandom random, int rows, int columns) {
    float[] values = new float[3 + rows * columns];
    int[] indices = new int[values.length];
    int[] starts = new int[rows + 1];
    int at = 3;
    for (int i = 0; i < rows; i++) {
      starts[i] = at;
      for (int j = columns - 1; j > 0; j--) {
        if (i != 1 && random.nextInt(3) == 0) {
          values[at] = random.nextInt(100);
          indices[at++] = j;
        }
      }
    }
    starts[rows] = at;
    return new SparseRows(values, indices, starts, 0, rows, columns);
  }

  @Test
  void transposesOfOddShapes() {
    int[][] shapes = {{1, 1}, {1, 70}, {70, 1}, {13, 207}, {33, 65}, {32, 64}, {100, 31}};
    try (Team two = new Team(2)) {
      for (int[] shape : shapes) {
        for (Team team : new Team[] {Team.SOLO, two}) {
          assertTranspose(shape[0], shape[1], team);
        }
      }
    }
  }

  private static void assertTranspose(int rows, int columns, Team team) {
    float[] matrix = new float[5 + rows * columns];
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] = i;
    }
    float[] result = new float[rows * columns + 1];
    result[rows * columns] = -1;
    Transpose.matrix(matrix, 5, rows, columns, result, 0, team);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        assertTrue(result[j * rows + i] == matrix[5 + i * columns + j], rows + " x " + columns);
      }
    }
    assertEquals(-1, result[rows * columns]);
  }
}

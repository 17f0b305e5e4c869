package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.model.Codes;

class CodeEntriesTest {
  private static void assertEntries(
      Rows codes, int row, double threshold, int[] columns, double... values) {
    CodeEntries entries = new CodeEntries(codes.columns(), threshold);
    entries.read(codes, 0);
    entries.read(codes, row);
    assertArrayEquals(columns, Arrays.copyOf(entries.columns(), entries.count()));
    assertArrayEquals(values, Arrays.copyOf(entries.values(), entries.count()));
  }

  /** Rows (9, 9, 9, 9), (0, -2, 0.5, 0) and (0, 0, 0, 0); sparse ones store a zero, too. */
  @Test
  void denseAndSparseCodesGiveTheSameEntries() {
    Rows dense = DenseRows.of(new float[] {9, 9, 9, 9, 0, -2, 0.5f, 0, 0, 0, 0, 0}, 3, 4);
    Rows sparse =
        new SparseRows(
            new float[] {9, 9, 9, 9, -2, 0.5f, 0},
            new int[] {0, 1, 2, 3, 1, 2, 3},
            new int[] {0, 4, 7, 7},
            0,
            3,
            4);
    for (Rows codes : new Rows[] {dense, sparse}) {
      assertEntries(codes, 1, 0, new int[] {1, 2}, -2, 0.5);
      assertEntries(codes, 1, 0.5, new int[] {1, 2}, -2, 0.5);
      assertEntries(codes, 1, 0.51, new int[] {1}, -2);
      assertEntries(codes, 2, 0, new int[] {});
      assertEntries(codes.slice(1, 3), 0, 0, new int[] {1, 2}, -2, 0.5);
    }
  }

  @Test
  void whatIsActiveIsWhatCodesSay() {
    float half = 0.5f;
    float[] codes = {
      0, -0f, Float.MIN_VALUE, half, -half, Math.nextUp(half), Math.nextDown(half), 1e30f, Float.NaN
    };
    // In order: below half, half and above it in double only, and beyond all floats.
    double[] thresholds = {0, Double.MIN_VALUE, Math.nextDown(0.5), 0.5, Math.nextUp(0.5), 1e300};
    for (double threshold : thresholds) {
      CodeEntries entries = new CodeEntries(codes.length, threshold);
      entries.read(DenseRows.of(codes, 1, codes.length), 0);
      int[] active =
          IntStream.range(0, codes.length)
              .filter(j -> Codes.isActive(codes[j], threshold))
              .toArray();
      assertArrayEquals(active, Arrays.copyOf(entries.columns(), entries.count()));
    }
  }
}

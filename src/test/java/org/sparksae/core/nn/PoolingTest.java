package org.sparksae.core.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.model.ImageShape;
import org.sparksae.core.model.Pooling;
import org.sparksae.core.model.PoolingKind;

class PoolingTest {
  private final SplittableRandom random = new SplittableRandom(5);

  /** Every size and stride that fits odd maps, against the definition, value by value. */
  @ParameterizedTest
  @EnumSource(PoolingKind.class)
  void givesWhatEachWindowHolds(PoolingKind kind) {
    int cases = 0;
    for (ImageShape maps :
        List.of(new ImageShape(3, 7, 9), new ImageShape(1, 5, 11), new ImageShape(2, 1, 1))) {
      for (int size = 1; size <= Math.min(maps.height(), maps.width()); size++) {
        for (int stride = 1; stride <= Math.min(3, size); stride++) {
          if ((maps.height() - size) % stride == 0 && (maps.width() - size) % stride == 0) {
            check(new Pooling(kind, maps, size, stride));
            cases++;
          }
        }
      }
    }
    assertEquals(10 + 8 + 1, cases);
  }

  private void check(Pooling pooling) {
    PooledMaps pooled = new PooledMaps(pooling);
    DenseRows codes = codes(3, pooling.input().size());
    SparseRows sparse = nonZeros(codes);
    for (int row = 0; row < codes.rows(); row++) {
      double[] expected = reference(pooling, codes, row);
      assertRow(expected, pooled.of(codes, row), pooling);
      assertRow(expected, pooled.of(sparse, row), pooling);
    }
  }

  private static void assertRow(double[] expected, DenseRows actual, Pooling pooling) {
    assertEquals(expected.length, actual.columns(), pooling::toString);
    for (int i = 0; i < expected.length; i++) {
      // Sums of at most 49 values below 1, rounded once each.
      assertEquals(expected[i], actual.values()[i], 49 * 0x1p-24, pooling::toString);
    }
  }

  /** From each value of the maps to the windows that it is in. */
  private static double[] reference(Pooling pooling, DenseRows codes, int row) {
    ImageShape in = pooling.input();
    int rows = (in.height() - pooling.size()) / pooling.stride() + 1;
    int columns = (in.width() - pooling.size()) / pooling.stride() + 1;
    double[] result = new double[in.channels() * rows * columns];
    for (int w = 0; w < result.length; w++) {
      int top = w / columns % rows * pooling.stride();
      int left = w % columns * pooling.stride();
      List<Double> inside = new ArrayList<>();
      for (int at = 0; at < in.size(); at++) {
        int y = at / in.width() % in.height() - top;
        int x = at % in.width() - left;
        boolean same = at / (in.height() * in.width()) == w / (rows * columns);
        if (same && y >= 0 && y < pooling.size() && x >= 0 && x < pooling.size()) {
          inside.add((double) codes.values()[codes.rowOffset(row) + at]);
        }
      }
      assertEquals(pooling.size() * pooling.size(), inside.size());
      result[w] =
          pooling.kind() == PoolingKind.MAX
              ? inside.stream().mapToDouble(v -> v).max().orElseThrow()
              : inside.stream().mapToDouble(v -> v).average().orElseThrow();
    }
    return result;
  }

  /**
   * Finite differences: of a window's largest value all of its change is passed on and of others
   * nothing; of a mean each value's share.
   */
  @ParameterizedTest
  @EnumSource(PoolingKind.class)
  void passesChangesOnAsItsDerivativeSays(PoolingKind kind) {
    Pooling pooling = new Pooling(kind, new ImageShape(2, 5, 7), 3, 2);
    PooledMaps pooled = new PooledMaps(pooling);
    float step = 0x1p-10f;
    DenseRows codes = DenseRows.zeros(1, pooling.input().size());
    for (int i = 0; i < codes.columns(); i++) {
      // All different, by far more than the step.
      codes.values()[i] = (i * 31 % codes.columns()) * 0x1p-6f;
    }
    double[] before = reference(pooling, codes, 0);
    for (int i = 0; i < codes.columns(); i++) {
      float value = codes.values()[i];
      codes.values()[i] = Float.MAX_VALUE;
      double[] reached = reference(pooling, codes, 0);
      codes.values()[i] = value + step;
      float[] after = pooled.of(codes, 0).values();
      for (int w = 0; w < before.length; w++) {
        double share =
            reached[w] < 2 ? 0 : kind == PoolingKind.AVERAGE ? 1.0 / 9 : before[w] == value ? 1 : 0;
        assertEquals(share, (after[w] - before[w]) / step, 1e-3, "value " + i + ", window " + w);
      }
      codes.values()[i] = value;
    }
  }

  /** A view that begins later than its array, two values of three being 0, others of both signs. */
  private DenseRows codes(int rows, int columns) {
    DenseRows all = DenseRows.zeros(rows + 1, columns);
    for (int i = 0; i < all.values().length; i++) {
      all.values()[i] = random.nextInt(3) == 0 ? (float) (2 * random.nextDouble() - 1) : 0f;
    }
    return all.slice(1, rows + 1);
  }

  private static SparseRows nonZeros(DenseRows dense) {
    float[] values = new float[dense.rows() * dense.columns()];
    int[] indices = new int[values.length];
    int[] starts = new int[dense.rows() + 1];
    int count = 0;
    for (int row = 0; row < dense.rows(); row++) {
      for (int column = 0; column < dense.columns(); column++) {
        float value = dense.values()[dense.rowOffset(row) + column];
        if (value != 0f) {
          indices[count] = column;
          values[count++] = value;
        }
      }
      starts[row + 1] = count;
    }
    return new SparseRows(values, indices, starts, 0, dense.rows(), dense.columns());
  }

  /** Windows of 2 over 1 2 | 3 4: one value; of all below 0 the largest is below 0. */
  @Test
  void aLargestValueMayBeBelowZeroAndNanIsSeen() {
    ImageShape one = new ImageShape(1, 2, 2);
    DenseRows codes = DenseRows.zeros(1, 4);
    System.arraycopy(new float[] {-4, -1, -3, -2}, 0, codes.values(), 0, 4);
    assertEquals(-1f, pool(PoolingKind.MAX, one, codes));
    assertEquals(-2.5f, pool(PoolingKind.AVERAGE, one, codes));
    codes.values()[2] = Float.NaN;
    for (PoolingKind kind : PoolingKind.values()) {
      assertTrue(Float.isNaN(pool(kind, one, codes)), kind::toString);
    }
  }

  private static float pool(PoolingKind kind, ImageShape shape, DenseRows codes) {
    return new PooledMaps(new Pooling(kind, shape, 2, 2)).of(codes, 0).values()[0];
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|1|poolSize must be 1 or more, got 0",
        "8|1|poolSize must be at most the height and width of the maps, got 8 for maps of 3x7x9",
        "2|0|poolStride must be in [1, 2], the poolSize, got 0",
        "2|3|poolStride must be in [1, 2], the poolSize, got 3: between its windows",
        "3|3|loses the last 1 of 7 rows and 0 of 9 columns of the maps; use a stride that divides 4",
        "4|4|loses the last 3 of 7 rows and 1 of 9 columns"
      })
  void windowsThatLeaveOutValuesAreRefused(int size, int stride, String says) {
    ImageShape maps = new ImageShape(3, 7, 9);
    String problem =
        assertThrows(
                IllegalArgumentException.class,
                () -> new Pooling(PoolingKind.MAX, maps, size, stride))
            .getMessage();
    assertTrue(problem.contains(says), problem);
  }

  @Test
  void kindsHaveNames() {
    assertEquals(
        List.of("max", "average"),
        Arrays.stream(PoolingKind.values()).map(PoolingKind::paramName).toList());
    String problem =
        assertThrows(IllegalArgumentException.class, () -> PoolingKind.parse("pooling", "sum"))
            .getMessage();
    assertEquals("pooling must be one of max, average; got 'sum'", problem);
  }
}

package org.sparksae.core.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The selection against sorting, on both backends. */
class TopKSelectorTest {
  private static final int PAD = 3;

  private final SplittableRandom random = new SplittableRandom(7);

  @ParameterizedTest(name = "k = {1} of {0}, blocks of {2}")
  @CsvSource({
    "1, 1, 1",
    "7, 1, 7",
    "7, 7, 3",
    "13, 5, 13",
    "207, 207, 64",
    "207, 32, 50",
    "784, 10, 784",
    "2048, 32, 2048",
    "4098, 1, 1000",
    "4098, 64, 100",
    "4098, 64, 4098",
    "4098, 600, 1000",
    "4098, 4098, 4098",
    "4098, 4097, 1"
  })
  void selectsWhatSortingSelects(int columns, int k, int block) {
    float[][] kinds = kinds(columns);
    int rows = kinds.length;
    float[] bias = new float[columns];
    for (int j = 0; j < columns; j++) {
      bias[j] = random.nextInt(-2, 3);
    }
    for (float[] b : new float[][] {new float[columns], bias}) {
      float[] z = new float[rows * columns];
      for (int i = 0; i < rows; i++) {
        System.arraycopy(kinds[i], 0, z, i * columns, columns);
      }
      check(z, b, rows, columns, k, block, false, false);
      check(z, b, rows, columns, k, block, true, false);
      check(z, b, rows, columns, k, block, false, true);
    }
  }

  /** Rows of many kinds: what a network gives, many ties, sorted either way, special values. */
  private float[][] kinds(int n) {
    return new float[][] {
      row(n, j -> (float) random.nextGaussian()),
      row(n, j -> random.nextInt(4)),
      row(n, j -> random.nextInt(3) - 2f),
      row(n, j -> 1.5f),
      row(n, j -> random.nextBoolean() ? 0f : -0f),
      row(n, j -> j),
      row(n, j -> -j),
      row(n, j -> random.nextInt(10) == 0 ? Float.NaN : random.nextInt(5)),
      row(n, j -> Float.NaN),
      row(n, j -> Float.NEGATIVE_INFINITY),
      row(n, j -> random.nextInt(9) == 0 ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY),
      row(n, j -> j == n / 2 ? 1 : -1 - random.nextInt(2)),
    };
  }

  private interface IntToFloat {
    float at(int j);
  }

  private static float[] row(int n, IntToFloat value) {
    float[] row = new float[n];
    for (int j = 0; j < n; j++) {
      row[j] = value.at(j);
    }
    return row;
  }

  private static void check(
      float[] z,
      float[] bias,
      int rows,
      int columns,
      int k,
      int block,
      boolean byMagnitude,
      boolean positiveOnly) {
    int[] expectedIndices = new int[PAD + rows * k];
    float[] expectedValues = new float[PAD + rows * k];
    for (int i = 0; i < rows; i++) {
      float[] s = new float[columns];
      for (int j = 0; j < columns; j++) {
        s[j] = z[i * columns + j] + bias[j];
      }
      bySorting(s, k, byMagnitude, positiveOnly, expectedIndices, expectedValues, PAD + i * k);
    }
    for (String setting : new String[] {"scalar", "vector"}) {
      TopKSelector selector =
          new TopKSelector(rows + 1, k + 2, KernelProviders.choose(setting).provider());
      for (int repeat = 0; repeat < 2; repeat++) {
        selector.reset(rows, k, byMagnitude, positiveOnly);
        for (int from = 0; from < columns; from += block) {
          int to = Math.min(from + block, columns);
          selector.scan(z, from, columns, to - from, bias, from, from);
        }
        int[] indices = new int[PAD + rows * k];
        float[] values = new float[PAD + rows * k];
        selector.finish(indices, values, PAD);
        assertArrayEquals(expectedIndices, indices, setting);
        assertArrayEquals(expectedValues, values, setting);
      }
    }
  }

  private static void bySorting(
      float[] s,
      int k,
      boolean byMagnitude,
      boolean positiveOnly,
      int[] indices,
      float[] values,
      int at) {
    // A stable sort: ties stay in order of index. Adding 0 makes the zeros equal.
    Comparator<Integer> largestFirst =
        Comparator.comparing(j -> -((byMagnitude ? Math.abs(s[j]) : s[j]) + 0f) + 0f);
    Comparator<Integer> nanFirst = Comparator.comparing(j -> !Float.isNaN(s[j]));
    int[] best =
        IntStream.range(0, s.length)
            .filter(j -> !positiveOnly || !(s[j] <= 0))
            .boxed()
            .sorted(nanFirst.thenComparing(largestFirst))
            .limit(k)
            .mapToInt(j -> j)
            .toArray();
    boolean[] selected = new boolean[s.length];
    for (int j : best) {
      selected[j] = true;
    }
    boolean[] written = selected.clone();
    for (int j = 0, missing = k - best.length; missing > 0; j++) {
      missing -= written[j] ? 0 : 1;
      written[j] = true;
    }
    for (int j = 0, next = at; j < s.length; j++) {
      if (written[j]) {
        indices[next] = j;
        values[next++] = selected[j] ? s[j] : 0f;
      }
    }
  }

  @Test
  void byHand() {
    float[] z = {1, -5, 3, 3, 0, 2};
    float[] bias = {0, 0, 0, 0, 4, 0};
    int[] indices = new int[3];
    float[] values = new float[3];
    TopKSelector selector = new TopKSelector(1, 3);
    // s = 1 -5 3 3 4 2
    selector.reset(1, 2, false);
    selector.scan(z, 0, 6, 4, bias, 0, 0);
    selector.scan(z, 4, 6, 2, bias, 4, 4);
    selector.finish(indices, values, 0);
    assertArrayEquals(new int[] {2, 4, 0}, indices);
    assertArrayEquals(new float[] {3, 4, 0}, values);
    selector.reset(1, 2, true);
    selector.scan(z, 0, 6, 6, bias, 0, 0);
    selector.finish(indices, values, 1);
    assertArrayEquals(new int[] {2, 1, 4}, indices);
    assertArrayEquals(new float[] {3, -5, 4}, values);
    // Only s = 1 of the first two is positive: index 1 is the lowest free one.
    selector.reset(1, 2, false, true);
    selector.scan(z, 0, 6, 2, bias, 0, 0);
    selector.finish(indices, values, 0);
    assertArrayEquals(new int[] {0, 1, 4}, indices);
    assertArrayEquals(new float[] {1, 0, 4}, values);
  }

  @Test
  void aTileMayHaveNoRows() {
    TopKSelector selector = new TopKSelector(4, 3);
    selector.reset(0, 3, false);
    selector.scan(new float[3], 0, 3, 3, new float[3], 0, 0);
    int[] columns = {7};
    float[] values = {7};
    selector.finish(columns, values, 0);
    assertArrayEquals(new int[] {7}, columns);
    assertArrayEquals(new float[] {7}, values);
  }

  @Test
  void wrongArgumentsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new TopKSelector(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new TopKSelector(1, 0));
    assertThrows(IllegalArgumentException.class, () -> new TopKSelector(1 << 20, 1 << 20));
    TopKSelector selector = new TopKSelector(2, 3);
    assertThrows(IllegalArgumentException.class, () -> selector.reset(3, 1, false));
    assertThrows(IllegalArgumentException.class, () -> selector.reset(-1, 1, false));
    assertThrows(IllegalArgumentException.class, () -> selector.reset(1, 0, false));
    assertThrows(IllegalArgumentException.class, () -> selector.reset(1, 4, false));
    assertThrows(IllegalArgumentException.class, () -> selector.reset(1, 1, true, true));
    selector.reset(1, 3, false);
    float[] two = new float[2];
    assertThrows(IllegalArgumentException.class, () -> selector.scan(two, 0, 2, 2, two, 0, 1));
    selector.scan(two, 0, 2, 2, two, 0, 0);
    assertEquals(
        "cannot select k = 3 entries from 2 scanned columns",
        assertThrows(
                IllegalStateException.class, () -> selector.finish(new int[3], new float[3], 0))
            .getMessage());
  }
}

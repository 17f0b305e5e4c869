package org.sparksae.core.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Products against three loops, on odd sizes, inside larger arrays. */
class GemmTest {
  private static final int PAD = 5;
  private static final float UNTOUCHED = 12345f;

  /** One rounding of a float, 2^-24: a dot product of k terms errs by less than k + 1 of them. */
  private static final double ROUNDING = 0x1p-24;

  private final SplittableRandom random = new SplittableRandom(1);

  static Stream<Arguments> shapes() {
    int[] sizes = {1, 13, 207};
    List<Arguments> shapes = new ArrayList<>();
    for (int rows : new int[] {0, 1, 13, 207}) {
      for (int in : sizes) {
        for (int out : sizes) {
          shapes.add(Arguments.of(rows, in, out));
        }
      }
    }
    return shapes.stream();
  }

  @ParameterizedTest(name = "[{0}, {1}] times [{2}, {1}] transposed")
  @MethodSource("shapes")
  void timesTransposed(int n, int in, int out) {
    DenseRows a = random(n, in);
    DenseRows w = random(out, in);
    DenseRows c = random(n, out);
    Gemm.timesTransposed(a, w.values(), w.offset(), c);
    for (int i = 0; i < n; i++) {
      for (int o = 0; o < out; o++) {
        double sum = 0;
        double size = 0;
        for (int j = 0; j < in; j++) {
          double term = (double) a.get(i, j) * w.get(o, j);
          sum += term;
          size += Math.abs(term);
        }
        assertEquals(sum, c.get(i, o), (in + 1) * ROUNDING * size);
      }
    }
    assertPadUntouched(c);
  }

  @ParameterizedTest(name = "[{0}, {2}] times [{2}, {1}]")
  @MethodSource("shapes")
  void times(int n, int in, int out) {
    DenseRows a = random(n, out);
    DenseRows w = random(out, in);
    DenseRows c = random(n, in);
    Gemm.times(a, w.values(), w.offset(), c);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < in; j++) {
        double sum = 0;
        double size = 0;
        for (int o = 0; o < out; o++) {
          double term = (double) a.get(i, o) * w.get(o, j);
          sum += term;
          size += Math.abs(term);
        }
        assertEquals(sum, c.get(i, j), (out + 1) * ROUNDING * size);
      }
    }
    assertPadUntouched(c);
  }

  @ParameterizedTest(name = "[{0}, {2}] transposed times [{0}, {1}], added")
  @MethodSource("shapes")
  void addTransposedTimes(int n, int in, int out) {
    DenseRows a = random(n, out);
    DenseRows b = random(n, in);
    DenseRows w = random(out, in);
    float[] before = w.values().clone();
    Gemm.transposedTimes(a, b, w.values(), w.offset(), 0, out, true);
    for (int o = 0; o < out; o++) {
      for (int j = 0; j < in; j++) {
        double sum = before[w.rowOffset(o) + j];
        double size = Math.abs(sum);
        for (int i = 0; i < n; i++) {
          double term = (double) a.get(i, o) * b.get(i, j);
          sum += term;
          size += Math.abs(term);
        }
        assertEquals(sum, w.get(o, j), (n + 2) * ROUNDING * size);
      }
    }
    assertPadUntouched(w);
  }

  @ParameterizedTest(name = "[{0}, {2}] transposed times [{0}, {1}], in two ranges")
  @MethodSource("shapes")
  void rangesOfUnitsMakeTheWhole(int n, int in, int out) {
    DenseRows a = random(n, out);
    DenseRows b = random(n, in);
    DenseRows whole = random(out, in);
    DenseRows parts = random(out, in);
    int middle = out / 3;
    Gemm.transposedTimes(a, b, whole.values(), whole.offset(), 0, out, false);
    Gemm.transposedTimes(a, b, parts.values(), parts.offset(), middle, out, false);
    Gemm.transposedTimes(a, b, parts.values(), parts.offset(), 0, middle, false);
    assertNear(n, a, b, parts, whole);
    int cut = in / 3;
    DenseRows columns = random(out, in);
    Gemm.transposedTimesColumns(a, b, columns.values(), columns.offset(), cut, in, false);
    Gemm.transposedTimesColumns(a, b, columns.values(), columns.offset(), 0, cut, false);
    assertNear(n, a, b, columns, whole);
    assertPadUntouched(columns);
    // Once more, added: twice the first.
    Gemm.transposedTimes(a, b, parts.values(), parts.offset(), 0, middle, true);
    for (int o = 0; o < out; o++) {
      for (int j = 0; j < in; j++) {
        float factor = o < middle ? 2 : 1;
        assertEquals(factor * whole.get(o, j), parts.get(o, j), 2 * bound(n, a, b, o, j));
      }
    }
    assertPadUntouched(whole);
    assertPadUntouched(parts);
  }

  @ParameterizedTest(name = "[{0}, {1}] times rows of [{2}, {1}] transposed")
  @MethodSource("shapes")
  void someUnitsOfAWholeMatrix(int n, int in, int out) {
    DenseRows a = random(n, in);
    DenseRows w = random(out, in);
    int from = out / 3;
    DenseRows whole = random(n, out);
    DenseRows tile = random(n, out - from);
    Gemm.timesTransposed(a, w.values(), w.offset(), whole);
    Gemm.timesTransposed(a, w.values(), w.rowOffset(from), tile);
    for (int i = 0; i < n; i++) {
      for (int o = from; o < out; o++) {
        // |terms| < 1 each, so their sum is below in.
        assertEquals(whole.get(i, o), tile.get(i, o - from), 2 * (in + 1) * ROUNDING * in);
      }
    }
    assertPadUntouched(tile);
  }

  @Test
  void oldContentOfAProductIsOverwrittenEvenIfNaN() {
    float[] c = {Float.NaN, Float.NaN};
    DenseRows a = DenseRows.of(new float[] {2, 3}, 2, 1);
    Gemm.timesTransposed(a, new float[] {5}, 0, DenseRows.of(c, 2, 1));
    assertArrayEquals(new float[] {10, 15}, c);

    float[] w = {Float.NaN, 7};
    Gemm.transposedTimes(a, a, w, 0, 0, 1, false);
    // 2 * 2 + 3 * 3
    assertArrayEquals(new float[] {13, 7}, w);
  }

  @Test
  void withoutRowsAProductIsZeroAndASumIsUnchanged() {
    DenseRows none = DenseRows.zeros(0, 2);
    float[] w = {1, 2, 3, 4};
    Gemm.transposedTimes(none, none, w, 0, 0, 2, true);
    assertArrayEquals(new float[] {1, 2, 3, 4}, w);
    Gemm.transposedTimes(none, none, w, 0, 1, 2, false);
    assertArrayEquals(new float[] {1, 2, 0, 0}, w);
    Gemm.transposedTimes(none, none, w, 0, 1, 1, false);
    assertArrayEquals(new float[] {1, 2, 0, 0}, w);
    w[2] = 3;
    Gemm.transposedTimesColumns(none, none, w, 0, 0, 1, false);
    assertArrayEquals(new float[] {0, 2, 0, 0}, w);
    w[0] = 1;
    Gemm.transposedTimesColumns(none, none, w, 0, 0, 2, true);
    w[1] = 2;
    assertArrayEquals(new float[] {1, 2, 0, 0}, w);
  }

  @Test
  void nanAndInfinityReachTheResult() {
    float[] w = {1, 1, 0, 1};
    float[] c = new float[4];
    DenseRows a = DenseRows.of(new float[] {Float.NaN, 1, Float.POSITIVE_INFINITY, 1}, 2, 2);
    Gemm.timesTransposed(a, w, 0, DenseRows.of(c, 2, 2));
    // NaN + 1;  NaN * 0 + 1;  inf + 1;  inf * 0 + 1 = NaN
    assertTrue(Float.isNaN(c[0]) && Float.isNaN(c[1]) && Float.isNaN(c[3]), Arrays.toString(c));
    assertEquals(Float.POSITIVE_INFINITY, c[2]);
  }

  @Test
  void shapesThatDoNotFitAreRefused() {
    DenseRows a = DenseRows.zeros(4, 3);
    DenseRows c = DenseRows.zeros(4, 2);
    DenseRows fewer = DenseRows.zeros(3, 2);
    float[] w = new float[6];
    assertRefused("equally many rows, got 4 and 3", () -> Gemm.timesTransposed(a, w, 0, fewer));
    assertRefused("equally many rows, got 3 and 4", () -> Gemm.times(fewer, w, 0, a));
    assertRefused("equally many rows", () -> Gemm.transposedTimes(a, fewer, w, 0, 0, 2, true));
    assertRefused(
        "a 2 x 3 matrix at offset 1 does not fit an array of 6 floats",
        () -> Gemm.timesTransposed(a, w, 1, c));
    assertRefused("does not fit", () -> Gemm.times(c, w, 1, a));
    assertRefused("does not fit", () -> Gemm.transposedTimes(c, a, w, 1, 0, 2, true));
    assertRefused("at offset -1", () -> Gemm.timesTransposed(a, w, -1, c));
    assertRefused("does not fit", () -> Gemm.transposedTimesColumns(c, a, w, 1, 0, 2, true));
    for (int[] range : new int[][] {{-1, 1}, {0, 3}, {2, 1}}) {
      assertRefused(
          "rows must be a range within [0, 2], got [%d, %d)".formatted(range[0], range[1]),
          () -> Gemm.transposedTimes(c, a, w, 0, range[0], range[1], false));
      assertRefused(
          "columns must be a range within [0, 2], got [%d, %d)".formatted(range[0], range[1]),
          () -> Gemm.transposedTimesColumns(a, c, w, 0, range[0], range[1], false));
    }
  }

  @Test
  void backendHasAName() {
    assertFalse(Gemm.backend().isBlank());
  }

  private static void assertNear(int n, DenseRows a, DenseRows b, DenseRows one, DenseRows other) {
    for (int o = 0; o < one.rows(); o++) {
      for (int j = 0; j < one.columns(); j++) {
        assertEquals(other.get(o, j), one.get(o, j), bound(n, a, b, o, j));
      }
    }
  }

  /** What two ways to compute element (o, j) of {@code a' b} may differ by. */
  private static double bound(int n, DenseRows a, DenseRows b, int o, int j) {
    double size = 0;
    for (int i = 0; i < n; i++) {
      size += Math.abs((double) a.get(i, o) * b.get(i, j));
    }
    return 2 * (n + 2) * ROUNDING * size;
  }

  private static void assertRefused(String part, Executable executable) {
    String message = assertThrows(IllegalArgumentException.class, executable).getMessage();
    assertTrue(message.contains(part), message);
  }

  /** Random rows in (-1, 1) inside a larger array. */
  private DenseRows random(int rows, int columns) {
    float[] values = new float[PAD + rows * columns + PAD];
    Arrays.fill(values, UNTOUCHED);
    for (int i = PAD; i < PAD + rows * columns; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return new DenseRows(values, PAD, rows, columns);
  }

  private static void assertPadUntouched(DenseRows rows) {
    for (int i = 0; i < PAD; i++) {
      assertEquals(UNTOUCHED, rows.values()[i]);
      assertEquals(UNTOUCHED, rows.values()[rows.end() + i]);
    }
  }
}

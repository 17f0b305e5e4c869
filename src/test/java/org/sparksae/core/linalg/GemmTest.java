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
  void transposedTimesAdded(int n, int in, int out) {
    transposedTimes(n, in, out, true);
  }

  @ParameterizedTest(name = "[{0}, {2}] transposed times [{0}, {1}]")
  @MethodSource("shapes")
  void transposedTimesWritten(int n, int in, int out) {
    transposedTimes(n, in, out, false);
  }

  private void transposedTimes(int n, int in, int out, boolean accumulate) {
    DenseRows a = random(n, out);
    DenseRows b = random(n, in);
    DenseRows w = random(out, in);
    float[] before = w.values().clone();
    int cut = out / 3;
    Gemm.transposedTimes(a, 0, cut, b, w.values(), w.offset(), accumulate);
    Gemm.transposedTimes(a, cut, out, b, w.values(), w.offset(), accumulate);
    for (int o = 0; o < out; o++) {
      for (int j = 0; j < in; j++) {
        double sum = accumulate ? before[w.rowOffset(o) + j] : 0;
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

  @Test
  void oldContentOfAProductIsOverwrittenEvenIfNaN() {
    float[] c = {Float.NaN, Float.NaN};
    Gemm.timesTransposed(
        DenseRows.of(new float[] {2, 3}, 2, 1), new float[] {5}, 0, DenseRows.of(c, 2, 1));
    assertArrayEquals(new float[] {10, 15}, c);
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
    assertRefused("equally many rows", () -> Gemm.transposedTimes(a, fewer, w, 0, true));
    assertRefused(
        "a 2 x 3 matrix at offset 1 does not fit an array of 6 floats",
        () -> Gemm.timesTransposed(a, w, 1, c));
    assertRefused("does not fit", () -> Gemm.times(c, w, 1, a));
    assertRefused("does not fit", () -> Gemm.transposedTimes(c, a, w, 1, true));
    assertRefused("at offset -1", () -> Gemm.timesTransposed(a, w, -1, c));
  }

  @Test
  void backendHasAName() {
    assertFalse(Gemm.backend().isBlank());
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

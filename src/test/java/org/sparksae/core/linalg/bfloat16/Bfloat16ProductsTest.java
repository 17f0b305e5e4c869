package org.sparksae.core.linalg.bfloat16;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.bfloat16.Bfloat16Products.Matrix;

/** What the interface promises, of everything that implements it. */
class Bfloat16ProductsTest {
  private static final float UNTOUCHED = 12345f;
  private static final int PAD = 5;

  private final SplittableRandom random = new SplittableRandom(1);

  /** Runs a test for each implementation. */
  @Retention(RetentionPolicy.RUNTIME)
  @ParameterizedTest
  @ValueSource(strings = {"rounded", "oneDNN FLOAT32", "oneDNN BFLOAT16"})
  private @interface Implementations {}

  static Stream<Arguments> shapes() {
    List<Arguments> shapes = new ArrayList<>();
    for (String name : List.of("rounded", "oneDNN FLOAT32", "oneDNN BFLOAT16")) {
      for (int n : new int[] {0, 1, 64, 207}) {
        for (int in : new int[] {1, 13, 207}) {
          for (int out : new int[] {1, 13, 207}) {
            shapes.add(Arguments.of(name, n, in, out));
          }
        }
      }
      // Results that are computed in parts: of rows, of columns, and both with a rest.
      shapes.add(Arguments.of(name, 1100, 40, 1500));
      shapes.add(Arguments.of(name, 300, 4001, 3));
      shapes.add(Arguments.of(name, 3, 1100, 1100));
    }
    return shapes.stream();
  }

  static Bfloat16Products products(String name) throws Exception {
    return name.equals("rounded")
        ? new RoundedFloats()
        : OneDnnForTests.products(ElementType.valueOf(name.split(" ")[1]));
  }

  @ParameterizedTest(name = "{0}: [{1}, {2}] times [{3}, {2}] transposed")
  @MethodSource("shapes")
  void timesTransposed(String name, int n, int in, int out) throws Exception {
    Bfloat16Products products = products(name);
    DenseRows a = random(n + 2, in);
    DenseRows w = random(out + 3, in);
    DenseRows c = untouched(n, out);
    products.timesTransposed(matrix(products, a, n + 2), matrix(products, w, out + 3), 2, c);
    for (int i = 0; i < n; i++) {
      for (int o = 0; o < out; o++) {
        Sum sum = new Sum(in);
        for (int j = 0; j < in; j++) {
          sum.add(a.get(i, j), w.get(o + 2, j));
        }
        sum.check(c.get(i, o), i, o);
      }
    }
    assertUntouchedAround(c);
  }

  @ParameterizedTest(name = "{0}: [{1}, {3}] times [{3}, {2}]")
  @MethodSource("shapes")
  void times(String name, int n, int in, int out) throws Exception {
    Bfloat16Products products = products(name);
    DenseRows a = random(n, out);
    DenseRows w = random(out, in);
    DenseRows c = untouched(n, in);
    products.times(matrix(products, a, n + 4), matrix(products, w, out), c);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < in; j++) {
        Sum sum = new Sum(out);
        for (int o = 0; o < out; o++) {
          sum.add(a.get(i, o), w.get(o, j));
        }
        sum.check(c.get(i, j), i, j);
      }
    }
    assertUntouchedAround(c);
  }

  @ParameterizedTest(name = "{0}: [{1}, {3}] transposed times [{1}, {2}]")
  @MethodSource("shapes")
  void transposedTimes(String name, int n, int in, int out) throws Exception {
    Bfloat16Products products = products(name);
    DenseRows a = random(n, out);
    DenseRows b = random(n, in);
    Matrix roundedA = matrix(products, a, n + 1);
    Matrix roundedB = matrix(products, b, n + 7);
    int from = out / 3;
    int to = out - out / 4;
    float[] before = random(1, out * in).values();
    for (boolean accumulate : new boolean[] {false, true}) {
      DenseRows w = untouched(out, in);
      System.arraycopy(before, 0, w.values(), w.offset(), out * in);
      products.transposedTimes(roundedA, roundedB, n, w.values(), w.offset(), from, to, accumulate);
      for (int o = 0; o < out; o++) {
        for (int j = 0; j < in; j++) {
          float old = before[o * in + j];
          if (o < from || o >= to) {
            assertEquals(old, w.get(o, j), "a row that was not asked for");
            continue;
          }
          Sum sum = new Sum(n + 1);
          if (accumulate) {
            sum.addExact(old);
          }
          for (int i = 0; i < n; i++) {
            sum.add(a.get(i, o), b.get(i, j));
          }
          sum.check(w.get(o, j), o, j);
        }
      }
      assertUntouchedAround(w);
    }
  }

  /** What was rounded before, in other rows or at other times, is not part of the result. */
  @Implementations
  void rowsAreReplaced(String name) throws Exception {
    Bfloat16Products products = products(name);
    Matrix a = products.matrix(4, 3);
    a.round(DenseRows.of(new float[] {9, 9, 9, 9, 9, 9}, 2, 3), 1);
    a.round(new DenseRows(new float[] {0, 1, 2, 3}, 1, 1, 3), 2);
    Matrix w = products.matrix(1, 3);
    w.round(DenseRows.of(new float[] {100, 10, 1}, 1, 3), 0);
    DenseRows c = DenseRows.zeros(4, 1);
    products.timesTransposed(a, w, 0, c);
    assertArrayEquals(new float[] {0, 999, 123, 0}, c.values());
    assertEquals(4, a.rows());
    assertEquals(3, a.columns());
  }

  /** Above the largest float, infinity times 0, and what is not a number, each in its row alone. */
  @Implementations
  void whatIsNotFinitePropagates(String name) throws Exception {
    Bfloat16Products products = products(name);
    float infinity = Float.POSITIVE_INFINITY;
    int in = 37;
    DenseRows a = DenseRows.zeros(5, in);
    Arrays.fill(a.values(), 1f);
    a.values()[3] = Float.NaN;
    a.values()[in + 36] = infinity;
    a.values()[2 * in + 5] = 3e38f;
    a.values()[2 * in + 6] = 3e38f;
    a.values()[3 * in] = Float.MAX_VALUE;
    DenseRows w = DenseRows.zeros(3, in);
    Arrays.fill(w.values(), 0, in, 1f);
    Arrays.fill(w.values(), in, 2 * in, -1f);
    DenseRows c = DenseRows.zeros(5, 3);
    products.timesTransposed(matrix(products, a, 5), matrix(products, w, 3), 0, c);
    float nan = Float.NaN;
    assertArrayEquals(
        new float[] {
          nan, nan, nan, infinity, -infinity, nan, infinity, -infinity, 0, infinity, -infinity, nan,
          37, -37, 0
        },
        c.values());
  }

  /** Products that a float cannot tell from 0 may be 0, and nothing else. */
  @Implementations
  void tinyNumbersAreRightOrZero(String name) throws Exception {
    Bfloat16Products products = products(name);
    DenseRows a = DenseRows.of(new float[] {0x1p-130f, 0x1p-100f, 0x1p-60f}, 3, 1);
    Matrix rounded = matrix(products, a, 3);
    DenseRows c = DenseRows.zeros(3, 3);
    products.timesTransposed(rounded, rounded, 0, c);
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        double exact = (double) a.get(i, 0) * a.get(j, 0);
        float value = c.get(i, j);
        assertTrue(value == exact || value == 0 && exact < 0x1p-126, value + ", exactly " + exact);
      }
    }
  }

  @Implementations
  void equalInputsGiveEqualBits(String name) throws Exception {
    Bfloat16Products products = products(name);
    Matrix a = matrix(products, random(100, 207), 100);
    Matrix w = matrix(products, random(300, 207), 300);
    float[] first = null;
    for (int i = 0; i < 3; i++) {
      DenseRows c = DenseRows.zeros(100, 300);
      products.timesTransposed(a, w, 0, c);
      first = first == null ? c.values() : first;
      assertArrayEquals(first, c.values());
    }
  }

  /** More shapes than are kept. */
  @Implementations
  void manyShapesOneAfterTheOther(String name) throws Exception {
    Bfloat16Products products = products(name);
    Matrix ones = products.matrix(200, 3);
    ones.round(DenseRows.of(filled(600), 200, 3), 0);
    for (int round = 0; round < 2; round++) {
      for (int n = 1; n <= 200; n++) {
        DenseRows c = DenseRows.zeros(n, 2);
        products.timesTransposed(ones, ones, 1, c);
        assertEquals(6 * n, IntStream.range(0, 2 * n).mapToDouble(i -> c.values()[i]).sum());
      }
    }
  }

  /** Native code does not check: what does not fit must not reach it. */
  @Implementations
  void whatDoesNotFitIsRefused(String name) throws Exception {
    Bfloat16Products products = products(name);
    Matrix a = products.matrix(4, 3);
    Matrix w = products.matrix(5, 3);
    Matrix other = products.matrix(5, 2);
    assertRefused(() -> products.timesTransposed(a, w, 0, DenseRows.zeros(5, 2)));
    assertRefused(() -> products.timesTransposed(a, w, 4, DenseRows.zeros(4, 2)));
    assertRefused(() -> products.transposedTimes(a, w, 5, new float[9], 0, 0, 3, true));
    assertRefused(() -> products.transposedTimes(a, w, 4, new float[8], 0, 0, 3, true));
    assertRefused(() -> products.transposedTimes(a, w, 4, new float[9], 0, 2, 4, true));
    assertRefused(() -> products.transposedTimes(a, w, 4, new float[9], 1, 0, 1, true));
    if (!name.equals("rounded")) {
      assertRefused(() -> products.timesTransposed(a, other, 0, DenseRows.zeros(4, 2)));
      assertRefused(() -> products.times(a, other, DenseRows.zeros(4, 2)));
      assertRefused(() -> products.times(other, a, DenseRows.zeros(4, 2)));
      assertRefused(() -> a.round(DenseRows.zeros(2, 3), 3));
      assertRefused(() -> a.round(DenseRows.zeros(2, 2), 0));
      assertRefused(() -> products.matrix(1 << 20, 1 << 11));
    }
  }

  private static void assertRefused(Executable call) {
    assertThrows(IllegalArgumentException.class, call);
  }

  /** A dot product of rounded terms in double, with the bound of its error. */
  private static final class Sum {
    private final int terms;
    private double value;
    private double size;

    Sum(int terms) {
      this.terms = terms;
    }

    void add(float one, float other) {
      addExact((double) rounded(one) * rounded(other));
    }

    void addExact(double term) {
      value += term;
      size += Math.abs(term);
    }

    void check(float actual, int row, int column) {
      double bound = 2 * terms * 0x1p-24 * size;
      assertEquals(value, actual, bound, () -> "element (" + row + ", " + column + ")");
    }

    /** A multiple of 2^-8 of the power of two below, as values of up to 1 in 8 bits are. */
    private static float rounded(float value) {
      float step = Math.ulp(value) * 0x1p16f;
      return (float) Math.rint(value / step) * step;
    }
  }

  private static Matrix matrix(Bfloat16Products products, DenseRows values, int rows) {
    Matrix matrix = products.matrix(rows, values.columns());
    matrix.round(values, 0);
    return matrix;
  }

  private static float[] filled(int length) {
    float[] ones = new float[length];
    Arrays.fill(ones, 1f);
    return ones;
  }

  private DenseRows random(int rows, int columns) {
    float[] values = new float[PAD + rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return new DenseRows(values, PAD, rows, columns);
  }

  private static DenseRows untouched(int rows, int columns) {
    float[] values = new float[PAD + rows * columns + PAD];
    Arrays.fill(values, UNTOUCHED);
    return new DenseRows(values, PAD, rows, columns);
  }

  private static void assertUntouchedAround(DenseRows rows) {
    for (int i = 0; i < PAD; i++) {
      assertEquals(UNTOUCHED, rows.values()[i]);
      assertEquals(UNTOUCHED, rows.values()[rows.end() + i]);
    }
  }
}

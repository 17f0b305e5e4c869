package org.sparksae.core.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every backend against the obvious loops in double, on odd sizes and offsets. One size n stands
 * for ranges in larger arrays whose other elements must stay.
 */
class KernelBackendsTest {
  private static final int[] SIZES = {0, 1, 2, 7, 8, 9, 13, 31, 64, 207, 4098};

  /** Half an ulp of 1: what one rounding does to a number below 2, relative to it. */
  private static final double U = 0x1p-24;

  /** Runs a test for each backend and size. */
  @Retention(RetentionPolicy.RUNTIME)
  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("backendsAndSizes")
  private @interface Backends {}

  static Stream<Arguments> backendsAndSizes() {
    return Stream.of("scalar", "vector")
        .flatMap(b -> IntStream.of(SIZES).mapToObj(n -> Arguments.of(b, n)));
  }

  private final SplittableRandom random = new SplittableRandom(3);

  private static KernelProvider kernels(String backend) {
    return KernelProviders.choose(backend).provider();
  }

  @Backends
  void sigmoid(String backend, int n) {
    KernelProvider kernels = kernels(backend);
    float[] z = activationInputs(n);
    inPlace(z, n, x -> kernels.sigmoid(x, 3, 3 + n));
    float[] h = z.clone();
    kernels.sigmoid(h, 3, 3 + n);
    for (int i = 3; i < 3 + n; i++) {
      double expected = 1 / (1 + Math.exp(-(double) z[i]));
      assertRelative(expected, h[i], z[i]);
      assertTrue(Float.isNaN(h[i]) || Math.copySign(1f, h[i]) == 1, "sign of " + z[i]);
    }
  }

  @Backends
  void tanh(String backend, int n) {
    KernelProvider kernels = kernels(backend);
    float[] z = activationInputs(n);
    inPlace(z, n, x -> kernels.tanh(x, 3, 3 + n));
    float[] h = z.clone();
    kernels.tanh(h, 3, 3 + n);
    for (int i = 3; i < 3 + n; i++) {
      double expected = Math.tanh(z[i]);
      assertRelative(expected, h[i], z[i]);
      assertTrue(
          Float.isNaN(h[i]) || Math.copySign(1f, z[i]) == Math.copySign(1f, h[i]),
          "sign of " + z[i]);
    }
  }

  /**
   * Against the nearest of the two neighbours that have 8 bits: one half above the middle, one
   * below it, and ties.
   */
  @Backends
  void roundToBfloat16(String backend, int n) {
    KernelProvider kernels = kernels(backend);
    float[] from = roundingInputs(n + 5);
    float[] to = new float[n + 5];
    Arrays.fill(to, 7f);
    kernels.roundToBfloat16(from, 2, to, 3, n);
    for (int i = 0; i < to.length; i++) {
      float expected = i < 3 || i >= n + 3 ? 7f : nearestBfloat16(from[i - 1]);
      assertEquals(
          Float.floatToIntBits(expected),
          Float.floatToIntBits(to[i]),
          "" + from[i > 0 ? i - 1 : 0]);
    }
  }

  /** The same numbers as in floats, and nothing beside them. */
  @Backends
  void narrowBfloat16(String backend, int n) {
    KernelProvider kernels = kernels(backend);
    float[] from = roundingInputs(n + 2);
    ByteBuffer to = ByteBuffer.allocateDirect(6 + 2 * n + 4).order(ByteOrder.nativeOrder());
    for (int i = 0; i < to.capacity(); i++) {
      to.put(i, (byte) 7);
    }
    kernels.narrowBfloat16(from, 2, to, 6, n);
    for (int i = -3; i < n + 2; i++) {
      int expected =
          i < 0 || i >= n ? 0x0707 : Float.floatToIntBits(nearestBfloat16(from[2 + i])) >>> 16;
      assertEquals(expected, to.getShort(6 + 2 * i) & 0xFFFF, "of " + i);
    }
  }

  /** Ends of the range, ties and what is not a number, between random bits. */
  private float[] roundingInputs(int length) {
    float[] special = {
      Float.NaN,
      Float.NEGATIVE_INFINITY,
      Float.MAX_VALUE,
      -0f,
      0f,
      Float.MIN_VALUE,
      0x1.FFp127f,
      0x1.01p0f,
      0x1.03p0f,
      0x1.02p0f,
      -0x1.0100002p0f,
      Float.intBitsToFloat(0x7FFFFFFF),
      0x1.01p-130f
    };
    float[] from = new float[length];
    for (int i = 0; i < from.length; i++) {
      from[i] =
          i % 2 == 0 ? special[i / 2 % special.length] : Float.intBitsToFloat(random.nextInt());
    }
    return from;
  }

  private static float nearestBfloat16(float value) {
    if (Float.isNaN(value)) {
      return Float.NaN;
    }
    int lower = Float.floatToRawIntBits(value) & 0xFFFF0000;
    double below = Float.intBitsToFloat(lower);
    // One step up from the largest is as far as from the one before it.
    double above =
        Math.abs(below) >= 0x1.FEp127
            ? Math.signum(below) * 0x1p128
            : Float.intBitsToFloat(lower + 0x10000);
    double toBelow = Math.abs(value - below);
    double toAbove = Math.abs(above - value);
    boolean up = toAbove < toBelow || toAbove == toBelow && (lower >>> 16 & 1) == 1;
    return Float.isInfinite(value) || !up ? (float) below : (float) above;
  }

  /** Thresholds that all, none or some entries exceed, and an entry that is not a number. */
  @Backends
  void scanAboveEach(String backend, int n) {
    for (float scale : new float[] {-9, 1, 9}) {
      float[] z = new float[n + 5];
      float[] bias = new float[n + 2];
      float[] thresholds = new float[n + 1];
      for (int i = 0; i < n; i++) {
        z[5 + i] = (float) random.nextDouble(-1, 1);
        bias[2 + i] = i % 3 == 0 ? 0 : (float) random.nextDouble(-1, 1);
        // Every third entry equals its threshold with scale 1, and is not above it.
        thresholds[1 + i] = i % 3 == 0 ? scale * z[5 + i] : scale * (float) random.nextDouble();
      }
      if (n > 8) {
        z[5 + 8] = Float.NaN;
      }
      float[] values = new float[n + 4];
      int[] indices = new int[n + 4];
      Arrays.fill(values, 0, 4, 77);
      int end =
          kernels(backend).scanAboveEach(z, 5, n, bias, 2, thresholds, 1, 100, values, indices, 4);
      int next = 4;
      for (int i = 0; i < n; i++) {
        float value = z[5 + i] + bias[2 + i];
        if (Float.isNaN(value) || value > thresholds[1 + i]) {
          assertEquals(value, values[next]);
          assertEquals(100 + i, indices[next++]);
        }
      }
      assertEquals(next, end);
      assertArrayEquals(new float[] {77, 77, 77, 77}, Arrays.copyOf(values, 4));
    }
  }

  /** To a few roundings, or if the result is subnormal, to the distance of such numbers. */
  private static void assertRelative(double expected, float actual, float z) {
    if (Double.isNaN(expected)) {
      assertTrue(Float.isNaN(actual), () -> "of " + z);
    } else {
      assertEquals(expected, actual, 4 * U * Math.abs(expected) + Float.MIN_VALUE, () -> "of " + z);
    }
  }

  @Backends
  void anElementDoesNotDependOnItsPlace(String backend, int n) {
    KernelProvider kernels = kernels(backend);
    float[] z = activationInputs(n);
    placeFree(z, n, (x, range) -> kernels.sigmoid(x, range[0], range[1]));
    placeFree(z, n, (x, range) -> kernels.tanh(x, range[0], range[1]));
    placeFree(z, n, (x, range) -> kernels.relu(x, range[0], range[1]));
    float[] a = vector(z.length);
    placeFree(
        z, n, (x, range) -> kernels.axpy(0.3f, a, range[0], x, range[0], range[1] - range[0]));
  }

  private static void placeFree(float[] z, int n, BiConsumer<float[], int[]> kernel) {
    float[] whole = z.clone();
    kernel.accept(whole, new int[] {3, 3 + n});
    float[] parts = z.clone();
    for (int from = 3, length = 1; from < 3 + n; from += length, length = length % 19 + 1) {
      kernel.accept(parts, new int[] {from, Math.min(from + length, 3 + n)});
    }
    assertArrayEquals(whole, parts);
  }

  @Backends
  void relu(String backend, int n) {
    KernelProvider kernels = kernels(backend);
    float[] z = activationInputs(n);
    inPlace(z, n, x -> kernels.relu(x, 3, 3 + n));
    float[] h = z.clone();
    kernels.relu(h, 3, 3 + n);
    for (int i = 3; i < 3 + n; i++) {
      assertEquals(Math.max(z[i], 0f), h[i]);
    }
  }

  @Backends
  void derivatives(String backend, int n) {
    KernelProvider kernels = kernels(backend);
    float[] h = vector(n + 9);
    checkDerivative(h, n, d -> kernels.multiplySigmoidDerivative(d, 3, h, 5, n), x -> x * (1 - x));
    checkDerivative(h, n, d -> kernels.multiplyTanhDerivative(d, 3, h, 5, n), x -> 1 - x * x);
    checkDerivative(h, n, d -> kernels.multiplyReluDerivative(d, 3, h, 5, n), x -> x > 0 ? 1 : 0);
  }

  private void checkDerivative(
      float[] h, int n, Consumer<float[]> kernel, DoubleUnaryOperator derivative) {
    float[] delta = vector(n + 6);
    inPlace(delta, n, kernel);
    float[] actual = delta.clone();
    kernel.accept(actual);
    for (int i = 0; i < n; i++) {
      double expected = delta[3 + i] * derivative.applyAsDouble(h[5 + i]);
      // Of |h| < 1 the slope is below 2 and rounds a few times.
      assertEquals(expected, actual[3 + i], 4 * U);
    }
  }

  @Backends
  void additions(String backend, int n) {
    KernelProvider kernels = kernels(backend);
    float[] x = vector(n + 9);
    float[] y = vector(n + 6);
    float a = 0.7f;
    inPlace(y, n, v -> kernels.axpy(a, x, 5, v, 3, n));
    inPlace(y, n, v -> kernels.add(x, 5, v, 3, n));
    inPlace(y, n, v -> kernels.scale(a, v, 3, n));
    inPlace(y, n, v -> kernels.subtract(x, 5, v, 3, v, 3, n));
    float[] axpy = y.clone();
    kernels.axpy(a, x, 5, axpy, 3, n);
    float[] add = y.clone();
    kernels.add(x, 5, add, 3, n);
    float[] scale = y.clone();
    kernels.scale(a, scale, 3, n);
    float[] subtract = new float[n + 1];
    kernels.subtract(x, 5, y, 3, subtract, 1, n);
    double[] sums = new double[n + 2];
    Arrays.fill(sums, 0.25);
    kernels.axpy(a, x, 5, sums, 1, n);
    assertEquals(0.25, sums[0]);
    assertEquals(0.25, sums[n + 1]);
    for (int i = 0; i < n; i++) {
      assertEquals((double) y[3 + i] + (double) a * x[5 + i], axpy[3 + i], 3 * U);
      assertEquals(y[3 + i] + x[5 + i], add[3 + i]);
      assertEquals(y[3 + i] * a, scale[3 + i]);
      assertEquals(x[5 + i] - y[3 + i], subtract[1 + i]);
      // a and x are floats: their product is exact in double, fused or not.
      assertEquals(0.25 + (double) a * x[5 + i], sums[1 + i]);
    }
  }

  @Backends
  void reductions(String backend, int n) {
    KernelProvider kernels = kernels(backend);
    float[] x = vector(n + 9);
    float[] y = vector(n + 6);
    double dot = 0;
    double size = 0;
    double norm = 0;
    double distance = 0;
    for (int i = 0; i < n; i++) {
      dot += (double) x[5 + i] * y[3 + i];
      size += Math.abs((double) x[5 + i] * y[3 + i]);
      norm += (double) x[5 + i] * x[5 + i];
      double difference = (double) x[5 + i] - y[3 + i];
      distance += difference * difference;
    }
    // n roundings of partial sums, none of which exceeds the sum of sizes.
    assertEquals(dot, kernels.dot(x, 5, y, 3, n), (n + 1) * U * size);
    assertEquals(norm, kernels.squaredNorm(x, 5, n), 2 * (n + 1) * 0x1p-53 * norm);
    assertEquals(
        distance, kernels.squaredDistance(x, 5, y, 3, n), 2 * (n + 1) * 0x1p-53 * distance);
    sameTwice(k -> kernels.dot(x, 5, y, 3, n));
    sameTwice(k -> kernels.squaredNorm(x, 5, n));
    sameTwice(k -> kernels.squaredDistance(x, 5, y, 3, n));
  }

  /** Often enough that the JIT compiler comes by in between. */
  private static void sameTwice(ToDoubleFunction<Integer> kernel) {
    double first = kernel.applyAsDouble(0);
    for (int i = 0; i < 300; i++) {
      assertEquals(first, kernel.applyAsDouble(i));
    }
  }

  @Backends
  void addGatheredRows(String backend, int columns) {
    KernelProvider kernels = kernels(backend);
    // The first two and the last, outside the range, would lead out of the matrix.
    int[] rows = {9, 9, 4, 0, 3, 5, 0, 1, 2, 2, 9};
    float[] coefficients = vector(rows.length);
    float[] matrix = vector(2 + 6 * columns);
    float[] y = vector(columns + 6);
    inPlace(
        y,
        columns,
        v -> kernels.addGatheredRows(coefficients, rows, 2, 10, matrix, 2, columns, v, 3));
    float[] actual = y.clone();
    kernels.addGatheredRows(coefficients, rows, 2, 10, matrix, 2, columns, actual, 3);
    for (int c = 0; c < columns; c++) {
      double expected = y[3 + c];
      for (int p = 2; p < 10; p++) {
        expected += (double) coefficients[p] * matrix[2 + rows[p] * columns + c];
      }
      // 8 products and 8 sums round; partial sums are below 9.
      assertEquals(expected, actual[3 + c], 2 * 8 * 9 * U);
    }
    float[] inParts = y.clone();
    kernels.addGatheredRows(coefficients, rows, 2, 5, matrix, 2, columns, inParts, 3);
    kernels.addGatheredRows(coefficients, rows, 5, 10, matrix, 2, columns, inParts, 3);
    assertArrayEquals(actual, inParts, "in ascending order, so in two parts the same");
    kernels.addGatheredRows(coefficients, rows, 5, 5, matrix, 2, columns, inParts, 3);
    assertArrayEquals(actual, inParts, "no rows");
  }

  @Backends
  void dotGatheredRows(String backend, int columns) {
    KernelProvider kernels = kernels(backend);
    // The first two and the last, outside the range, would lead out of the matrix.
    int[] rows = {9, 9, 4, 0, 3, 5, 0, 1, 2, 2, 9};
    float[] matrix = vector(2 + 6 * columns);
    float[] x = vector(columns + 6);
    for (int to = 2; to <= 10; to++) {
      float[] out = vector(rows.length);
      float[] before = out.clone();
      kernels.dotGatheredRows(x, 3, rows, 2, to, matrix, 2, columns, out);
      for (int p = 0; p < rows.length; p++) {
        if (p < 2 || p >= to) {
          assertEquals(before[p], out[p], "outside the range");
          continue;
        }
        double expected = 0;
        double size = 0;
        for (int c = 0; c < columns; c++) {
          double product = (double) x[3 + c] * matrix[2 + rows[p] * columns + c];
          expected += product;
          size += Math.abs(product);
        }
        assertEquals(expected, out[p], (columns + 1) * U * size);
        float[] alone = new float[rows.length];
        kernels.dotGatheredRows(x, 3, rows, p, p + 1, matrix, 2, columns, alone);
        assertEquals(alone[p], out[p], "an entry depends on the others");
      }
    }
  }

  @Backends
  void adam(String backend, int n) {
    KernelProvider kernels = kernels(backend);
    AdamStep step = new AdamStep(0.9, 0.999, 0.01, 3, 1e-8);
    float[] p = vector(n + 6);
    float[] gradient = vector(n + 9);
    float[] m = vector(n + 2);
    float[] v = vector(n + 2);
    for (int i = 0; i < v.length; i++) {
      v[i] = v[i] * v[i] + 0.01f;
    }
    float[] actualP = p.clone();
    float[] actualM = m.clone();
    float[] actualV = v.clone();
    kernels.adam(actualP, 3, gradient, 5, 0.5f, 0.1f, actualM, actualV, 1, n, step);
    for (int i = 0; i < n; i++) {
      double g = 0.5f * (double) gradient[5 + i] + 0.1f * (double) p[3 + i];
      double first = 0.9 * m[1 + i] + 0.1 * g;
      double second = 0.999 * v[1 + i] + 0.001 * g * g;
      double moved = p[3 + i] - 0.01 * first / (Math.sqrt(second) * 3 + 1e-8);
      // Numbers below 1.1; the constants, products and sums round.
      assertEquals(first, actualM[1 + i], 4 * U);
      assertEquals(second, actualV[1 + i], 4 * U);
      assertEquals(moved, actualP[3 + i], 4 * U);
    }
    // In two parts, whatever falls to the last lanes of either.
    int half = n / 3;
    float[] partsP = p.clone();
    float[] partsM = m.clone();
    float[] partsV = v.clone();
    kernels.adam(partsP, 3, gradient, 5, 0.5f, 0.1f, partsM, partsV, 1, half, step);
    kernels.adam(
        partsP, 3 + half, gradient, 5 + half, 0.5f, 0.1f, partsM, partsV, 1 + half, n - half, step);
    assertArrayEquals(actualP, partsP);
    assertArrayEquals(actualM, partsM);
    assertArrayEquals(actualV, partsV);
    assertArrayEquals(Arrays.copyOf(p, 3), Arrays.copyOf(actualP, 3));
    assertArrayEquals(
        Arrays.copyOfRange(p, 3 + n, n + 6), Arrays.copyOfRange(actualP, 3 + n, n + 6));
  }

  /** The kernel changes elements [3, 3 + n) only, in the same way each time. */
  private static void inPlace(float[] before, int n, Consumer<float[]> kernel) {
    float[] first = before.clone();
    kernel.accept(first);
    for (int repeat = 0; repeat < 50; repeat++) {
      float[] again = before.clone();
      kernel.accept(again);
      assertArrayEquals(first, again);
    }
    for (int i = 0; i < before.length; i++) {
      if (i < 3 || i >= 3 + n) {
        assertEquals(before[i], first[i], "outside the range");
      }
    }
  }

  @Backends
  void widenBfloat16(String backend, int n) {
    KernelProvider kernels = kernels(backend);
    int odd = 6;
    ByteBuffer from = ByteBuffer.allocateDirect(odd + 2 * n).order(ByteOrder.nativeOrder());
    float[] expected = new float[n + 2];
    for (int i = 0; i < n; i++) {
      // Every sign, and the largest and smallest numbers.
      int upper = i < 4 ? new int[] {0x7F7F, 0x8000, 0x0001, 0xFF7F}[i] : random.nextInt(0x7F80);
      from.putShort(odd + 2 * i, (short) upper);
      expected[1 + i] = Float.intBitsToFloat(upper << 16);
    }
    float[] widened = new float[n + 2];
    kernels.widenBfloat16(from, odd, widened, 1, n);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(
          Float.floatToRawIntBits(expected[i]), Float.floatToRawIntBits(widened[i]), "of " + i);
    }
  }

  /** Special values at both ends of the range, so that lanes and the rest see them. */
  private float[] activationInputs(int n) {
    float[] special = {
      0f,
      -0f,
      Float.NaN,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.MAX_VALUE,
      -Float.MAX_VALUE,
      Float.MIN_VALUE,
      -Float.MIN_VALUE,
      1e-20f,
      -1e-5f,
      0.6249999f,
      0.625f,
      -0.6250001f,
      17.4f,
      -17.4f,
      88f,
      -88f,
      -87.4f,
      -100f,
      -103.2f,
      -104f,
      -110f,
      -120f,
      1000f
    };
    float[] z = new float[n + 6];
    for (int i = 0; i < z.length; i++) {
      z[i] = (float) (random.nextGaussian() * Math.exp(random.nextDouble(-6, 4)));
    }
    for (int i = 0; i < special.length; i++) {
      if (i < n) {
        z[3 + i] = special[i];
        z[2 + n - i] = special[i];
      }
    }
    return z;
  }

  private float[] vector(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }
}

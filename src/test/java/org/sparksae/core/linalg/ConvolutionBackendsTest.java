package org.sparksae.core.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The products of convolutions by every backend against the obvious loops in double: on numbers of
 * units, taps and vectors that no block of a kernel divides, at odd places of larger arrays.
 */
class ConvolutionBackendsTest {
  /** Half an ulp of 1: what one rounding does to a number below 2, relative to it. */
  private static final double U = 0x1p-24;

  private static final int IMAGE = 400;
  private static final int[] UNITS = {1, 2, 3, 4, 5, 7, 8};
  private static final int[] TAPS = {1, 2, 3, 9};
  private static final int[] VECTORS = {1, 3, 4, 5, 6, 7, 8, 9, 13};

  private final SplittableRandom random = new SplittableRandom(7);

  private static KernelProvider kernels(String backend) {
    return KernelProviders.choose(backend).provider();
  }

  private float[] vector(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  private int[] places(int count, int end) {
    return random.ints(count, 0, end).toArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector"})
  void correlate(String backend) {
    KernelProvider kernels = kernels(backend);
    for (int units : UNITS) {
      for (int taps : TAPS) {
        for (int vectors : VECTORS) {
          correlate(kernels, units, taps, vectors);
        }
      }
    }
  }

  private void correlate(KernelProvider kernels, int units, int taps, int vectors) {
    int lanes = kernels.lanes();
    int stride = vectors * lanes + 2;
    int[] starts = places(vectors, IMAGE - lanes - 50);
    // One tap more than counts would lead out of the image.
    int[] distances = places(taps + 1, 50);
    distances[taps] = IMAGE;
    float[] image = vector(IMAGE);
    float[] weights = vector(3 + taps * (units + 1));
    float[] biases = units % 2 == 0 ? null : vector(units + 1);
    float[] before = vector(5 + units * stride);
    float[] out = before.clone();
    Correlation correlation =
        new Correlation(
            image, starts, distances, taps, weights, 3, units + 1, units, biases, 1, out, 5,
            stride);
    kernels.correlate(correlation);
    for (int u = 0; u < units; u++) {
      for (int i = 0; i < stride; i++) {
        int at = 5 + u * stride + i;
        if (i >= vectors * lanes) {
          assertEquals(before[at], out[at], "outside the unit");
          continue;
        }
        double expected = biases == null ? 0 : biases[1 + u];
        double size = Math.abs(expected);
        for (int t = 0; t < taps; t++) {
          double value = image[starts[i / lanes] + distances[t] + i % lanes];
          expected += weights[3 + t * (units + 1) + u] * value;
          size += Math.abs(weights[3 + t * (units + 1) + u] * value);
        }
        assertEquals(expected, out[at], 2 * (taps + 1) * U * size, correlation::toString);
      }
    }
    for (int at = 0; at < 5; at++) {
      assertEquals(before[at], out[at], "before the units");
    }
    float[] again = before.clone();
    for (int u = 0; u < units; u++) {
      kernels.correlate(
          new Correlation(
              image,
              starts,
              distances,
              taps,
              weights,
              3 + u,
              units + 1,
              1,
              biases,
              1 + u,
              again,
              5 + u * stride,
              stride));
    }
    assertArrayEquals(out, again, "a unit depends on its neighbours");
  }

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector"})
  void addGradient(String backend) {
    KernelProvider kernels = kernels(backend);
    for (int units : UNITS) {
      for (int taps : TAPS) {
        for (int vectors : VECTORS) {
          addGradient(kernels, units, taps, vectors);
        }
      }
    }
  }

  private void addGradient(KernelProvider kernels, int units, int taps, int vectors) {
    int lanes = kernels.lanes();
    int stride = vectors * lanes + 2;
    int[] starts = places(vectors, IMAGE - lanes - 50);
    int[] distances = places(taps, 50);
    float[] image = vector(IMAGE);
    float[] maps = vector(3 + units * stride);
    float[] before = vector(units * taps * lanes + 1);
    float[] sums = before.clone();
    kernels.addGradient(
        new CorrelationGradient(maps, 3, stride, units, image, starts, distances, sums));
    for (int i = 0; i < units * taps * lanes; i++) {
      int lane = i % lanes;
      int t = i / lanes % taps;
      int u = i / lanes / taps;
      double expected = before[i];
      double size = Math.abs(expected);
      for (int v = 0; v < vectors; v++) {
        double product =
            (double) maps[3 + u * stride + v * lanes + lane]
                * image[starts[v] + distances[t] + lane];
        expected += product;
        size += Math.abs(product);
      }
      assertEquals(expected, sums[i], 2 * (vectors + 1) * U * size);
    }
    assertEquals(before[before.length - 1], sums[before.length - 1], "behind the sums");
  }

  /** Positions lie so close that vectors overlap: each is added to what those before have left. */
  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector"})
  void addShifted(String backend) {
    KernelProvider kernels = kernels(backend);
    int lanes = kernels.lanes();
    int[] starts = {0, 1, 3, 3, 60, 61, 200};
    int tap = 11;
    float[] values = vector(2 + starts.length * lanes);
    float[] image = vector(IMAGE);
    double[] expected = new double[IMAGE];
    for (int i = 0; i < IMAGE; i++) {
      expected[i] = image[i];
    }
    for (int i = 0; i < starts.length * lanes; i++) {
      expected[starts[i / lanes] + tap + i % lanes] += values[2 + i];
    }
    kernels.addShifted(values, 2, starts, tap, image);
    for (int i = 0; i < IMAGE; i++) {
      // At most five sums of numbers below 1.
      assertEquals(expected[i], image[i], 5 * 5 * U);
    }
  }

  @ParameterizedTest
  @CsvSource({"scalar, 1", "vector, 1", "scalar, 7", "vector, 7", "scalar, 45", "vector, 45"})
  void argMax(String backend, int length) {
    KernelProvider kernels = kernels(backend);
    float[] x = vector(length + 6);
    x[2] = 2;
    x[3 + length] = Float.NaN;
    for (int at = 0; at < length; at++) {
      float[] one = x.clone();
      one[3 + at] = 1.5f;
      assertEquals(at, kernels.argMax(one, 3, length));
      one[3 + length - 1] = 1.5f;
      assertEquals(at, kernels.argMax(one, 3, length), "the first of equal ones");
      one[3 + length / 2] = Float.NaN;
      assertEquals(length / 2, kernels.argMax(one, 3, length), "NaN is seen");
    }
    Arrays.fill(x, Float.NEGATIVE_INFINITY);
    assertEquals(0, kernels.argMax(x, 3, length));
  }

  /** Windows hold one layout for all backends of a process: its lanes are the chosen backend's. */
  @Test
  void lanesAreOfAVectorThatTheKernelsTake() {
    assertEquals(Kernels.lanes(), kernels("auto").lanes());
    assertEquals(0, 16 % kernels("vector").lanes());
  }
}

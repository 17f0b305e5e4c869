package org.sparksae.core.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The façade against the obvious loops, to the bit where neither order nor fusing is involved. */
class KernelsTest {
  private static final int PAD = 3;

  /** Runs a test for odd shapes [n, d]. */
  @Retention(RetentionPolicy.RUNTIME)
  @ParameterizedTest(name = "[{0}, {1}]")
  @CsvSource({"0, 4", "1, 1", "13, 7", "37, 13", "5, 207"})
  private @interface Shapes {}

  private final SplittableRandom random = new SplittableRandom(1);

  @Shapes
  void addToRows(int n, int d) {
    DenseRows x = rows(n, d);
    float[] v = vector(PAD + d + PAD);
    float[] expected = x.values().clone();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < d; j++) {
        expected[PAD + i * d + j] += v[PAD + j];
      }
    }
    Kernels.addToRows(x, v, PAD);
    assertArrayEquals(expected, x.values());
  }

  @Shapes
  void addScaledToRows(int n, int d) {
    for (float[] scale : new float[][] {vector(n), null}) {
      DenseRows x = rows(n, d);
      float[] v = vector(d);
      float[] expected = x.values().clone();
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < d; j++) {
          expected[PAD + i * d + j] += (scale == null ? 1 : scale[i]) * v[j];
        }
      }
      Kernels.addScaledToRows(x, scale, v);
      // Products and sums below 2: a fused operation saves the product's rounding, of half an ulp.
      assertArrayEquals(expected, x.values(), Math.ulp(1f));
    }
  }

  @Shapes
  void scaleRows(int n, int d) {
    for (float[] scale : new float[][] {vector(n), null}) {
      DenseRows x = rows(n, d);
      float[] expected = x.values().clone();
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < d; j++) {
          expected[PAD + i * d + j] *= scale == null ? 1 : scale[i];
        }
      }
      Kernels.scaleRows(x, scale);
      assertArrayEquals(expected, x.values());
    }
  }

  @Shapes
  void addColumnSums(int n, int d) {
    DenseRows x = rows(n, d);
    float[] sums = vector(PAD + d + PAD);
    double[] expected = new double[sums.length];
    for (int j = 0; j < sums.length; j++) {
      expected[j] = sums[j];
      for (int i = 0; j >= PAD && j < PAD + d && i < n; i++) {
        expected[j] += x.get(i, j - PAD);
      }
    }
    Kernels.addColumnSums(x, sums, PAD);
    for (int j = 0; j < sums.length; j++) {
      // n additions of numbers below 1 round by at most 2^-24 of a partial sum below n + 1 each
      assertEquals(expected[j], sums[j], n * (n + 1) * 0x1p-24);
    }
  }

  @Shapes
  void addWeightedColumnSums(int n, int d) {
    for (float[] weights : new float[][] {vector(n), null}) {
      DenseRows x = rows(n, d);
      double[] sums = new double[PAD + d + PAD];
      Arrays.fill(sums, 0.5);
      double[] expected = sums.clone();
      for (int j = 0; j < d; j++) {
        for (int i = 0; i < n; i++) {
          expected[PAD + j] += (weights == null ? 1.0 : weights[i]) * x.get(i, j);
        }
      }
      Kernels.addWeightedColumnSums(x, weights, sums, PAD);
      assertArrayEquals(expected, sums, 1e-14);
    }
  }

  @Shapes
  void subtract(int n, int d) {
    DenseRows a = rows(n, d);
    DenseRows b = DenseRows.of(vector(n * d), n, d);
    DenseRows out = rows(n, d);
    float[] expected = out.values().clone();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < d; j++) {
        expected[PAD + i * d + j] = a.get(i, j) - b.get(i, j);
      }
    }
    Kernels.subtract(a, b, out);
    assertArrayEquals(expected, out.values());
  }

  @Test
  void squaredNormIsOfTheRangeAndInDouble() {
    // 3^2 + 4^2
    assertEquals(25.0, Kernels.squaredNorm(new float[] {7, 3, -4, 7}, 1, 2));
    assertEquals(0.0, Kernels.squaredNorm(new float[] {7}, 1, 0));
    // (10^30)^2 is infinite in float;  1 + 2^-40 is 1 in float
    assertEquals(1e60, Kernels.squaredNorm(new float[] {1e30f}, 0, 1), 1e53);
    assertEquals(1 + 0x1p-40, Kernels.squaredNorm(new float[] {1, 0x1p-20f}, 0, 2));
  }

  @Test
  void addToAddsInDoubleFromAnOffset() {
    double[] sums = {1, 1, 1, 1};
    Kernels.addTo(new float[] {0x1p-40f, 2}, sums, 1);
    assertArrayEquals(new double[] {1, 1 + 0x1p-40, 3, 1}, sums);
  }

  /** Random rows in (-1, 1) inside a larger random array. */
  private DenseRows rows(int n, int d) {
    return new DenseRows(vector(PAD + n * d + PAD), PAD, n, d);
  }

  private float[] vector(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }
}

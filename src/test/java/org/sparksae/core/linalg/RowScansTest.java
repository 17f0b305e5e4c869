package org.sparksae.core.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What scans rows, in every backend. */
class RowScansTest {
  private static final int PAD = 3;
  private static final float[] SPECIAL = {
    0f, -0f, Float.MIN_VALUE, -0.5f, 0.5f, Math.nextDown(0.5f), Float.POSITIVE_INFINITY, Float.NaN
  };

  private final SplittableRandom random = new SplittableRandom(5);

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector"})
  void oneElementThatIsNotFiniteIsSeenWhereverItIs(String backend) {
    KernelProvider kernels = KernelProviders.choose(backend).provider();
    float[] x = new float[PAD + 37 + PAD];
    Arrays.fill(x, Float.NaN);
    // Their sum is not a float.
    Arrays.fill(x, PAD, PAD + 37, Float.MAX_VALUE);
    assertTrue(kernels.allFinite(x, PAD, 0));
    assertTrue(kernels.allFinite(x, PAD, 37));
    for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      for (int i = PAD; i < PAD + 37; i++) {
        x[i] = bad;
        assertFalse(kernels.allFinite(x, PAD, 37));
        x[i] = 0;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector"})
  void activeEntriesAreThoseNotBelowTheLeast(String backend) {
    KernelProvider kernels = KernelProviders.choose(backend).provider();
    for (int n : new int[] {0, 1, 7, 8, 16, 37, 207}) {
      for (double share : new double[] {0, 0.03, 0.5, 1}) {
        for (float least : new float[] {Float.MIN_VALUE, 0.5f, Float.POSITIVE_INFINITY}) {
          assertActive(kernels, row(n, share), n, least);
        }
      }
    }
  }

  /** A share of special values, the others of magnitudes in [1, 2). */
  private float[] row(int n, double share) {
    float[] x = new float[PAD + n + PAD];
    for (int i = 0; i < x.length; i++) {
      x[i] =
          random.nextDouble() < share
              ? SPECIAL[random.nextInt(SPECIAL.length)]
              : (float) random.nextDouble(1, 2) * (random.nextBoolean() ? 1 : -1);
    }
    return x;
  }

  private static void assertActive(KernelProvider kernels, float[] x, int n, float least) {
    int[] columns = new int[n];
    double[] values = new double[n];
    int count = kernels.activeEntries(x, PAD, n, least, columns, values);
    int[] expected = IntStream.range(0, n).filter(j -> !(Math.abs(x[PAD + j]) < least)).toArray();
    assertEquals(expected.length, count);
    assertArrayEquals(expected, Arrays.copyOf(columns, count));
    assertArrayEquals(
        IntStream.of(expected).mapToDouble(j -> x[PAD + j]).toArray(),
        Arrays.copyOf(values, count));
  }
}

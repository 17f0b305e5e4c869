package org.sparksae.core.linalg.blas;

import dev.ludovic.netlib.blas.BLAS;
import java.util.SplittableRandom;

/** Whether a BLAS multiplies, against three loops, on odd sizes. */
final class ProductCheck {
  private static final int[] SIZES = {1, 13, 207};

  private ProductCheck() {}

  static void check(BLAS blas) {
    for (int m : SIZES) {
      for (int n : SIZES) {
        for (int k : SIZES) {
          check(blas, m, n, k);
        }
      }
    }
  }

  /** {@code C = A' B}, column-major: a [k, m], b [k, n], c [m, n]. */
  private static void check(BLAS blas, int m, int n, int k) {
    SplittableRandom random = new SplittableRandom(m * 31L + n * 7L + k);
    float[] a = random(random, k * m);
    float[] b = random(random, k * n);
    float[] c = random(random, m * n);
    blas.sgemm("T", "N", m, n, k, 1f, a, 0, k, b, 0, k, 0f, c, 0, m);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int l = 0; l < k; l++) {
          sum += (double) a[i * k + l] * b[j * k + l];
        }
        // Terms are below 1 and each rounding errs by 2^-24 of a partial sum, which is below k.
        if (!(Math.abs(sum - c[j * m + i]) <= (k + 1) * 0x1p-24 * k)) {
          throw new AssertionError(
              "%d x %d x %d: element (%d, %d) is %s, must be %s"
                  .formatted(m, n, k, i, j, c[j * m + i], sum));
        }
      }
    }
  }

  private static float[] random(SplittableRandom random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }
}

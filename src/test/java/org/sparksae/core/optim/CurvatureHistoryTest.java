package org.sparksae.core.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CurvatureHistoryTest {
  private static final int N = 6;

  @ParameterizedTest
  @CsvSource({"1,1", "3,1", "3,2", "3,3", "3,4", "3,8", "10,7"})
  void recursionEqualsTheWrittenOutMatrix(int capacity, int pairs) {
    SplittableRandom random = new SplittableRandom(31L * capacity + pairs);
    CurvatureHistory history = new CurvatureHistory(capacity, N);
    Sample[] samples = new Sample[pairs + 1];
    samples[0] = sample(random, null);
    for (int k = 1; k <= pairs; k++) {
      samples[k] = sample(random, samples[k - 1]);
      history.append(samples[k - 1], samples[k]);
    }
    double[] gradient = samples[pairs].gradient;
    double[] direction = new double[N];
    history.descend(gradient, direction);
    double[] expected = multiply(matrix(samples, Math.max(0, pairs - capacity)), gradient);
    for (int i = 0; i < N; i++) {
      assertEquals(-expected[i], direction[i], 1e-9 * Math.max(1, Math.abs(expected[i])));
    }
  }

  @Test
  void emptyHistoryIsSteepestDescent() {
    double[] direction = new double[2];
    new CurvatureHistory(3, 2).descend(new double[] {1, -2}, direction);
    assertArrayEquals(new double[] {-1, 2}, direction);
  }

  @Test
  void aPairWithoutPositiveCurvatureIsNotKept() {
    CurvatureHistory history = new CurvatureHistory(1, 1);
    history.append(sample(0, 1), sample(1, 3));
    double[] direction = new double[1];
    history.descend(new double[] {4}, direction);
    // y / s = 2 is the second derivative.
    assertArrayEquals(new double[] {-2}, direction);
    history.append(sample(1, 3), sample(2, 2));
    assertTrue(history.isEmpty(), "the only slot was overwritten");
    history.descend(new double[] {4}, direction);
    assertArrayEquals(new double[] {-4}, direction);
  }

  /**
   * {@code H = V' H V + rho s s'} from {@code H = (s'y / y'y) I} of the newest pair, oldest pair
   * first.
   */
  private static double[][] matrix(Sample[] samples, int oldest) {
    int newest = samples.length - 2;
    double[] lastS = difference(samples[newest + 1].point, samples[newest].point);
    double[] lastY = difference(samples[newest + 1].gradient, samples[newest].gradient);
    double[][] h = new double[N][N];
    for (int i = 0; i < N; i++) {
      h[i][i] = dot(lastS, lastY) / dot(lastY, lastY);
    }
    for (int k = oldest; k <= newest; k++) {
      double[] s = difference(samples[k + 1].point, samples[k].point);
      double[] y = difference(samples[k + 1].gradient, samples[k].gradient);
      double rho = 1 / dot(y, s);
      double[][] next = new double[N][N];
      for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
          for (int a = 0; a < N; a++) {
            for (int b = 0; b < N; b++) {
              double left = (a == i ? 1 : 0) - rho * s[i] * y[a];
              double right = (b == j ? 1 : 0) - rho * y[b] * s[j];
              next[i][j] += left * h[a][b] * right;
            }
          }
          next[i][j] += rho * s[i] * s[j];
        }
      }
      h = next;
    }
    return h;
  }

  /**
   * A random point after {@code before} whose gradient grows along the move, so that {@code s'y >
   * 0}.
   */
  private static Sample sample(SplittableRandom random, Sample before) {
    Sample sample = new Sample(N);
    for (int i = 0; i < N; i++) {
      double move = random.nextDouble(-1, 1);
      sample.point[i] = (before == null ? 0 : before.point[i]) + move;
      sample.gradient[i] =
          (before == null ? 0 : before.gradient[i]) + move * random.nextDouble(0.5, 3);
    }
    return sample;
  }

  private static Sample sample(double x, double gradient) {
    Sample sample = new Sample(1);
    sample.point[0] = x;
    sample.gradient[0] = gradient;
    return sample;
  }

  private static double[] multiply(double[][] a, double[] x) {
    double[] product = new double[N];
    for (int i = 0; i < N; i++) {
      product[i] = dot(a[i], x);
    }
    return product;
  }

  private static double[] difference(double[] a, double[] b) {
    double[] d = new double[N];
    for (int i = 0; i < N; i++) {
      d[i] = a[i] - b[i];
    }
    return d;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < N; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}

package org.sparksae.core.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.linalg.AdamStep;

class AdamTest {

  @Test
  void firstStepsByHand() {
    // x = 1, a = 0.1.
    // t = 1, g = 0.5: m = 0.05, v = 0.00025; m' = 0.05 / 0.1 = 0.5, v' = 0.00025 / 0.001 = 0.25;
    //   x = 1 - 0.1 * 0.5 / 0.5 = 0.9.
    // t = 2, g = -0.25: m = 0.9 * 0.05 - 0.1 * 0.25 = 0.02, v = 0.999 * 0.00025 + 0.001 * 0.0625 =
    // 0.00031225;
    //   m' = 0.02 / 0.19 = 0.1052632, v' = 0.00031225 / 0.001999 = 0.1562031, sqrt = 0.3952254;
    //   x = 0.9 - 0.1 * 0.1052632 / 0.3952254 = 0.8733663.
    Adam adam = new Adam(0, 1);
    float[] x = {1};
    adam.step(x, new float[] {0.5f}, 0.1);
    assertEquals(0.9f, x[0], 1e-7f);
    assertEquals(0.05f, adam.state().firstMoment()[0], 1e-8f);
    assertEquals(0.00025f, adam.state().secondMoment()[0], 1e-10f);
    adam.step(x, new float[] {-0.25f}, 0.1);
    assertEquals(0.8733663f, x[0], 2e-7f);
    assertEquals(2, adam.state().steps());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 13, 207, 4098})
  void followsTheDoublePrecisionReference(int size) {
    SplittableRandom random = new SplittableRandom(size);
    float[] x = gaussians(random, size);
    Reference reference = new Reference(x);
    Adam adam = new Adam(0, size);
    int steps = 100;
    for (int t = 1; t <= steps; t++) {
      float[] gradient = gaussians(random, size);
      double stepSize = 0.01 / t;
      adam.step(x, gradient, stepSize);
      reference.step(gradient, stepSize);
    }
    for (int i = 0; i < size; i++) {
      // Each step may round the parameter, of size below 8, and its update.
      assertEquals(reference.x[i], x[i], steps * Math.ulp(4f), "parameter " + i + " of " + size);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void rangesOfManyOwnersGiveTheBitsOfOne(int owners) {
    int size = 4099;
    SplittableRandom random = new SplittableRandom(17);
    float[] whole = gaussians(random, size);
    float[] parts = whole.clone();
    Adam one = new Adam(0, size);
    Adam[] many = new Adam[owners];
    for (int k = 0; k < owners; k++) {
      many[k] = new Adam(size * k / owners, size * (k + 1) / owners);
    }
    for (int t = 0; t < 20; t++) {
      float[] gradient = gaussians(random, size);
      one.step(whole, gradient, 0.003);
      for (Adam owner : many) {
        owner.step(parts, gradient, 0.003);
      }
    }
    assertArrayEquals(whole, parts);
  }

  @Test
  void aStepInRangesWithScaledGradientsAndDecay() {
    int size = 207;
    SplittableRandom random = new SplittableRandom(3);
    float[] whole = gaussians(random, size);
    float[] parts = whole.clone();
    Adam one = new Adam(0, size);
    Adam other = new Adam(0, size);
    for (int t = 0; t < 5; t++) {
      float[] sums = gaussians(random, size);
      float[] gradient = new float[size];
      for (int i = 0; i < size; i++) {
        // Powers of two: exact, so the bits are equal whatever is fused.
        gradient[i] = 0.25f * sums[i] + (i < 100 ? 0.5f * whole[i] : 0);
      }
      one.step(whole, gradient, 0.01);
      AdamStep step = other.beginStep(0.01);
      float[] biasSums = Arrays.copyOfRange(sums, 98, size);
      other.apply(step, 100, size, parts, biasSums, 2, 0.25f, 0);
      other.apply(step, 0, 13, parts, sums, 0, 0.25f, 0.5f);
      other.apply(step, 13, 100, parts, sums, 13, 0.25f, 0.5f);
    }
    assertArrayEquals(whole, parts);
    assertEquals(5, other.state().steps());
    AdamStep step = other.beginStep(0);
    assertThrows(
        IllegalArgumentException.class,
        () -> other.apply(step, 0, size + 1, parts, parts, 0, 1, 0));
    assertThrows(
        IllegalArgumentException.class, () -> other.apply(step, 3, 2, parts, parts, 0, 1, 0));
  }

  @Test
  void touchesNothingOutsideItsRangeNorTheGradient() {
    float[] x = {1, 2, 3, 4, 5};
    float[] gradient = {1, -2, 3, -4, 5};
    new Adam(1, 3).step(x, gradient, 0.5);
    // The first step is the step size, against the sign of the gradient.
    assertArrayEquals(new float[] {1, 2.5f, 2.5f, 4, 5}, x, 1e-6f);
    assertEquals(1, x[0]);
    assertEquals(4, x[3]);
    assertEquals(5, x[4]);
    assertArrayEquals(new float[] {1, -2, 3, -4, 5}, gradient);
  }

  @Test
  void anEmptyRangeOnlyCounts() {
    Adam adam = new Adam(2, 2);
    float[] x = {1, 2};
    adam.step(x, new float[] {3, 4}, 1);
    assertArrayEquals(new float[] {1, 2}, x);
    assertEquals(1, adam.state().steps());
  }

  @Test
  void zeroGradientsMoveNothing() {
    float[] x = {1, -0.0f, 3};
    new Adam(0, 3).step(x, new float[3], 1);
    assertArrayEquals(new float[] {1, -0.0f, 3}, x);
  }

  @Test
  void restoredStateContinuesWithTheSameBits() {
    int size = 207;
    SplittableRandom random = new SplittableRandom(5);
    float[] x = gaussians(random, size);
    Adam first = new Adam(3, size);
    for (int t = 0; t < 5; t++) {
      first.step(x, gaussians(random, size), 0.01);
    }
    float[] copy = x.clone();
    Adam second = new Adam(3, size);
    second.restore(first.state());
    float[] gradient = gaussians(random, size);
    first.step(x, gradient, 0.01);
    second.step(copy, gradient, 0.01);
    assertArrayEquals(x, copy);
    assertEquals(6, second.state().steps());
  }

  @Test
  void aNaNGradientPoisonsItsOwnParameterOnly() {
    float[] x = {1, 2};
    Adam adam = new Adam(0, 2);
    adam.step(x, new float[] {Float.NaN, 1}, 0.5);
    assertTrue(Float.isNaN(x[0]));
    assertEquals(1.5f, x[1], 1e-6f);
  }

  @Test
  void wrongArgumentsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Adam(-1, 2));
    assertThrows(IllegalArgumentException.class, () -> new Adam(3, 2));
    Adam adam = new Adam(0, 2);
    float[] two = new float[2];
    assertThrows(IllegalArgumentException.class, () -> adam.step(new float[1], two, 1));
    assertThrows(IllegalArgumentException.class, () -> adam.step(two, new float[1], 1));
    assertThrows(IllegalArgumentException.class, () -> adam.step(two, two, Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> adam.step(two, two, -1));
    assertThrows(IllegalArgumentException.class, () -> adam.restore(new Adam.State(-1, two, two)));
    assertThrows(
        IllegalArgumentException.class, () -> adam.restore(new Adam.State(1, two, new float[3])));
    assertEquals(0, adam.state().steps());
  }

  private static float[] gaussians(SplittableRandom random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Algorithm 1 of the paper, written out. */
  private static final class Reference {
    final double[] x;
    final double[] m;
    final double[] v;
    int t;

    Reference(float[] start) {
      x = new double[start.length];
      m = new double[start.length];
      v = new double[start.length];
      for (int i = 0; i < start.length; i++) {
        x[i] = start[i];
      }
    }

    void step(float[] gradient, double stepSize) {
      t++;
      for (int i = 0; i < x.length; i++) {
        double g = gradient[i];
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.999 * v[i] + 0.001 * g * g;
        double mHat = m[i] / (1 - Math.pow(0.9, t));
        double vHat = v[i] / (1 - Math.pow(0.999, t));
        x[i] -= stepSize * mHat / (Math.sqrt(vHat) + 1e-8);
      }
    }
  }
}

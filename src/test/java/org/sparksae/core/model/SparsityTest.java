package org.sparksae.core.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.linalg.DenseRows;

/** Penalties and their slopes, worked by hand. */
class SparsityTest {

  /**
   * By hand:
   *
   * <pre>
   * kl, rho 1/2, m 1/4: 1/2 ln 2 + 1/2 ln(2/3) = 1/2 ln(4/3) = 0.1438410;  -2 + 2/3 = -4/3
   * kl, rho 1/5, m 2/5: 1/5 ln(1/2) + 4/5 ln(4/3) = -0.1386294 + 0.2301457;  -1/2 + 4/3 = 5/6
   * targetL1, rho 0.2, m 0.5: 0.3;  sign(0.3)
   * targetL2, rho 0.2, m 0.5: 0.09;  2 * 0.3
   * </pre>
   */
  @ParameterizedTest(name = "{0}, target {1}, mean {2}")
  @CsvSource({
    "KL, 0.5, 0.25, 0.14384103622589045, -1.3333333333333333",
    "KL, 0.2, 0.4, 0.0915162218494358, 0.8333333333333333",
    "KL, 0.2, 0.2, 0, 0",
    "TARGET_L1, 0.2, 0.5, 0.3, 1",
    "TARGET_L1, 0.2, 0.1, 0.1, -1",
    "TARGET_L1, 0.2, 0.2, 0, 0",
    "TARGET_L2, 0.2, 0.5, 0.09, 0.6",
    "TARGET_L2, 0.2, -0.1, 0.09, -0.6",
    "TARGET_L2, 0.2, 0.2, 0, 0"
  })
  void ofAMean(SparsityKind kind, double target, double mean, double value, double slope) {
    assertEquals(value, kind.value(target, mean), 1e-15);
    assertEquals(slope, kind.derivative(target, mean), 1e-14);
  }

  /**
   * By hand, with epsilon 0.01: a distance of 0.024 gives sqrt(0.000576 + 0.0001) - 0.01 = 0.026 -
   * 0.01 and the slope 0.024 / 0.026; far off it is the distance less epsilon.
   */
  @Test
  void targetL1WithoutItsKinkIsAHyperbola() {
    Sparsity kink = new Sparsity(SparsityKind.TARGET_L1, SparsityScope.UNIT, 2, 0.2);
    Sparsity rounded = kink.withoutKink();
    double[] means = {0.224, 0.176, 0.2, 1000.2};
    assertEquals(2 * 0.016, rounded.ofMeans(means, 0, 1), 1e-12);
    assertEquals(2 * 0.016, rounded.ofMeans(means, 1, 1), 1e-12);
    assertEquals(0, rounded.ofMeans(means, 2, 1));
    assertEquals(2 * (1000 - 0.01), rounded.ofMeans(means, 3, 1), 1e-6);
    float slope = (float) (2 * 12 / 13.0);
    assertArrayEquals(new float[] {slope, -slope, 0, 2}, rounded.slopesOfMeans(means, 0, 4), 1e-6f);
    assertEquals(kink.weight(), rounded.weight());
    assertEquals(kink.target(), rounded.target());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TARGET_L1")
  void otherPenaltiesHaveNoKinkToLose(SparsityKind kind) {
    Sparsity sparsity = new Sparsity(kind, SparsityScope.UNIT, 2, 0.2);
    assertEquals(sparsity, sparsity.withoutKink());
  }

  @ParameterizedTest(name = "target {0}")
  @ValueSource(doubles = {0.01, 0.2, 0.5, 0.99})
  void klOfAUnitThatNeverOrAlwaysSaturatesIsFiniteAndPushesBack(double target) {
    double atZero = SparsityKind.KL.value(target, 0);
    double atOne = SparsityKind.KL.value(target, 1);
    assertTrue(Double.isFinite(atZero) && atZero > 0, "got " + atZero);
    assertTrue(Double.isFinite(atOne) && atOne > 0, "got " + atOne);
    // At 0 a larger mean lowers the penalty, at 1 a smaller one: -rho/1e-7 and (1-rho)/1e-7.
    assertEquals(-target / 1e-7, SparsityKind.KL.derivative(target, 0), 2);
    assertEquals((1 - target) / 1e-7, SparsityKind.KL.derivative(target, 1), 2);
    // Nothing happens at the margin itself.
    assertEquals(atZero, SparsityKind.KL.value(target, SparsityKind.KL_MARGIN));
    assertTrue(atZero > SparsityKind.KL.value(target, 2 * SparsityKind.KL_MARGIN));
  }

  @Test
  void nanMeansStayNaN() {
    for (SparsityKind kind :
        List.of(SparsityKind.KL, SparsityKind.TARGET_L1, SparsityKind.TARGET_L2)) {
      assertTrue(Double.isNaN(kind.value(0.2, Double.NaN)), kind.paramName());
      assertTrue(Double.isNaN(kind.derivative(0.2, Double.NaN)), kind.paramName());
    }
  }

  @Test
  void ofMeansSumsTheUnitsOfOneLayer() {
    Sparsity sparsity = new Sparsity(SparsityKind.TARGET_L2, SparsityScope.UNIT, 3, 0.2);
    double[] means = {9, 0.5, 0.1, 9};
    // 3 (0.09 + 0.01);  3 * 2 * 0.3, 3 * 2 * -0.1
    assertEquals(0.3, sparsity.ofMeans(means, 1, 2), 1e-15);
    assertArrayEquals(new float[] {1.8f, -0.6f}, sparsity.slopesOfMeans(means, 1, 2), 1e-6f);
  }

  @Test
  void l1OfRows() {
    // rows (1, -2, 0) and (3, 0, -1), weights 1 and 2: 0.5 (1 * 3 + 2 * 4) = 5.5
    assertRows(
        SparsityKind.L1,
        new float[] {1, -2, 0, 3, 0, -1},
        new float[] {1, 2},
        5.5,
        new float[] {0.5f, -0.5f, 0, 1, 0, -1});
  }

  @Test
  void l2OfRows() {
    // rows (3, 4, 0) and (0, -2, 0), weights 1 and 2: 0.5 (1 * 5 + 2 * 2) = 4.5
    assertRows(
        SparsityKind.L2,
        new float[] {3, 4, 0, 0, -2, 0},
        new float[] {1, 2},
        4.5,
        new float[] {0.3f, 0.4f, 0, 0, -1, 0});
  }

  @Test
  void targetOfRows() {
    // means 0.4 and -0.2, target 0.1: (0.3)^2 and (-0.3)^2, weights 1 and 2: 0.5 * 3 * 0.09
    // slopes 0.5 * 2 * 0.3 / 3 = 0.1 and 2 * 0.5 * 2 * -0.3 / 3 = -0.2 for each unit
    assertRows(
        SparsityKind.TARGET_L2,
        new float[] {0.2f, 0.6f, 0.4f, -0.6f, 0.2f, -0.2f},
        new float[] {1, 2},
        0.135,
        new float[] {0.1f, 0.1f, 0.1f, -0.2f, -0.2f, -0.2f});
  }

  @Test
  void rowsWithoutWeightsWeighOne() {
    float[] h = {3, 4, 0, 0, -2, 0};
    assertRows(SparsityKind.L2, h, null, 3.5, new float[] {0.3f, 0.4f, 0, 0, -0.5f, 0});
  }

  @Test
  void l2OfDenormalActivationsHasAFiniteSlope() {
    // sigmoid(-100) = 3.8e-44 in float; the slope of each of 3 equal units is 0.5 / sqrt(3)
    float slope = (float) (0.5 / Math.sqrt(3));
    float[] h = {3.8e-44f, 3.8e-44f, 3.8e-44f};
    assertRows(SparsityKind.L2, h, null, 0, new float[] {slope, slope, slope});
  }

  @ParameterizedTest
  @EnumSource(names = {"L1", "L2"})
  void rowsOfZerosHavePenaltyAndSlopeZero(SparsityKind kind) {
    assertRows(kind, new float[6], null, 0, new float[6]);
    assertRows(kind, new float[] {-0f, 0, -0f}, null, 0, new float[3]);
  }

  /** Weight 0.5, target 0.1, scope example, 3 units; delta already holds 10 everywhere. */
  private static void assertRows(
      SparsityKind kind, float[] h, float[] rowWeights, double sum, float[] slopes) {
    Sparsity sparsity = new Sparsity(kind, SparsityScope.EXAMPLE, 0.5, 0.1);
    int n = h.length / 3;
    float[] delta = new float[h.length];
    Arrays.fill(delta, 10f);
    double actual = sparsity.addRows(DenseRows.of(h, n, 3), rowWeights, DenseRows.of(delta, n, 3));
    assertEquals(sum, actual, 1e-6);
    for (int i = 0; i < delta.length; i++) {
      assertEquals(10 + slopes[i], delta[i], 2e-6f);
    }
  }

  @Test
  void everyPenaltyHasExactlyOneForm() {
    for (SparsityKind kind : SparsityKind.values()) {
      for (SparsityScope scope : SparsityScope.values()) {
        Sparsity sparsity = new Sparsity(kind, scope, 1, 0.2);
        boolean means = kind.hasTarget() && scope == SparsityScope.UNIT;
        assertEquals(means, sparsity.needsMeans(), sparsity.toString());
        boolean none = kind == SparsityKind.NONE || kind.isOfThresholds();
        assertEquals(!means && !none, sparsity.isOfRows(), sparsity.toString());
        boolean counts = kind == SparsityKind.L0 || kind == SparsityKind.TARGET_L0;
        assertEquals(counts, sparsity.ofL0(3) != 0, sparsity.toString());
        Sparsity weightless = new Sparsity(kind, scope, 0, 0.2);
        assertTrue(!weightless.needsMeans() && !weightless.isOfRows(), weightless.toString());
      }
    }
  }

  /** Of a weight of 3, a target of 2 and 5 active latents. */
  @Test
  void penaltiesOfTheNumberOfActiveLatents() {
    Sparsity l0 = new Sparsity(SparsityKind.L0, SparsityScope.UNIT, 3, 2);
    assertEquals(15, l0.ofL0(5));
    assertEquals(3, l0.slopeOfL0(5));
    Sparsity target = new Sparsity(SparsityKind.TARGET_L0, SparsityScope.UNIT, 3, 2);
    assertEquals(6.75, target.ofL0(5));
    assertEquals(4.5, target.slopeOfL0(5));
    assertEquals(0, target.slopeOfL0(2));
    assertEquals(-1.5, target.slopeOfL0(1));
  }

  @ParameterizedTest
  @EnumSource
  void namesReadBack(SparsityKind kind) {
    assertEquals(kind, SparsityKind.parse("sparsity", kind.paramName()));
  }

  @Test
  void unknownNamesAreRefusedWithTheKnownOnes() {
    assertEquals(
        "sparsity must be one of kl, targetL1, targetL2, l1, l2, decoderL1, l0, targetL0, tanh, none; got 'KL'",
        assertThrows(IllegalArgumentException.class, () -> SparsityKind.parse("sparsity", "KL"))
            .getMessage());
    assertEquals(
        "sparsityScope must be one of unit, example; got ''",
        assertThrows(IllegalArgumentException.class, () -> SparsityScope.parse("sparsityScope", ""))
            .getMessage());
    assertEquals(SparsityScope.EXAMPLE, SparsityScope.parse("sparsityScope", "example"));
  }
}

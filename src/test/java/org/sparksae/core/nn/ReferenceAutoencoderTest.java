package org.sparksae.core.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.core.model.TopK;

/** The reference is right: worked by hand once, and by finite differences everywhere. */
class ReferenceAutoencoderTest {

  /**
   * Rounding costs some 1e-16 / STEP = 1e-13, of gradients above 1e-4; truncation at worst (STEP /
   * KINK_DISTANCE)^4 = 1e-7 of one row's share: the norm of a row bends that much near 0.
   */
  private static final double STEP = 1e-3;

  private static final double TOLERANCE = 1e-7;

  /**
   * How far every kink is from the data. A step moves a pre-activation by at most STEP times the
   * activation below; that no sign changes is asserted at every point as well.
   */
  private static final double KINK_DISTANCE = 0.05;

  static Stream<Cases.Case> grid() {
    Stream<Cases.Case> selecting =
        Stream.concat(KSparseCases.pairs(5, 6, 1, 3, 6), LifetimeCases.pairs(5, 3));
    return Stream.of(
            Cases.grid(5, 4, 3, 2),
            selecting,
            PreBiasCases.all(5, 6, 3),
            ConvolutionCases.few(),
            TargetCases.classic(5, 6, 3, 4))
        .flatMap(cases -> cases);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("grid")
  void gradientIsThatOfFiniteDifferences(Cases.Case of) {
    Cases.Data data = Cases.data(of, 7, KINK_DISTANCE);
    ReferenceAutoencoder reference = new ReferenceAutoencoder(of.spec());
    double[] gradient =
        reference.evaluate(data.parameters(), data.rows(), data.weights()).gradient();
    double[] differences = finiteDifferences(reference, data);
    for (Tensor tensor : of.spec().layout().tensors()) {
      double difference = Cases.difference(differences, gradient, tensor);
      assertTrue(difference < TOLERANCE, () -> tensor.name() + " differs by " + difference);
    }
  }

  /** {@code (8 (J(+h) - J(-h)) - (J(+2h) - J(-2h))) / 12h}: exact up to h^4. */
  private static double[] finiteDifferences(ReferenceAutoencoder reference, Cases.Data data) {
    double[] kinks = reference.kinks(data.parameters(), data.rows(), data.weights());
    double[] differences = new double[data.parameters().length];
    for (int p = 0; p < differences.length; p++) {
      double near =
          objective(reference, data, p, STEP, kinks) - objective(reference, data, p, -STEP, kinks);
      double far =
          objective(reference, data, p, 2 * STEP, kinks)
              - objective(reference, data, p, -2 * STEP, kinks);
      differences[p] = (8 * near - far) / (12 * STEP);
    }
    return differences;
  }

  private static double objective(
      ReferenceAutoencoder reference, Cases.Data data, int p, double step, double[] kinks) {
    double[] moved = data.parameters().clone();
    moved[p] += step;
    ReferenceAutoencoder.Probe probe = reference.probe(moved, data.rows(), data.weights());
    assertEquals(kinks.length, probe.kinks().length, "a kink appeared or vanished");
    for (int i = 0; i < kinks.length; i++) {
      assertTrue(kinks[i] * probe.kinks()[i] > 0, "a kink was crossed");
    }
    return probe.objective();
  }

  @Test
  void oneUnitByHand() {
    Sparsity sparsity = new Sparsity(SparsityKind.L1, SparsityScope.UNIT, 0.2, 0);
    AutoencoderSpec spec =
        new AutoencoderSpec(
            1,
            List.of(new HiddenLayer(1, Activation.LINEAR, sparsity)),
            Activation.LINEAR,
            false,
            0.1);
    // W = 0.5, b = 0, V = 1, c = 0.5 and x = 2: h = 1, x_hat = 1.5.
    double[] parameters = {0.5, 0, 1, 0.5};
    ReferenceAutoencoder.Result result =
        new ReferenceAutoencoder(spec).evaluate(parameters, new double[][] {{2}}, new double[] {1});
    // 1/2 (1.5 - 2)^2 = 0.125;  0.1/2 (0.25 + 1) = 0.0625;  0.2 |1| = 0.2
    assertEquals(0.125, result.terms().get("reconstruction"), 1e-15);
    assertEquals(0.0625, result.terms().get("weightDecay"), 1e-15);
    assertEquals(0.2, result.terms().get("sparsity1"), 1e-15);
    // dx_hat = -0.5;  dV = -0.5 * 1 + 0.1 * 1;  dc = -0.5;  dh = -0.5 * 1 + 0.2 = -0.3
    // dW = -0.3 * 2 + 0.1 * 0.5;  db = -0.3
    assertArrayEquals(new double[] {-0.55, -0.3, -0.4, -0.5}, result.gradient(), 1e-15);
  }

  @Test
  void twoUnitsOfWhichOneIsKeptByHand() {
    HiddenLayer code =
        new HiddenLayer(2, Activation.LINEAR, Sparsity.NONE, new TopK(1, TopK.By.MAGNITUDE));
    AutoencoderSpec spec = new AutoencoderSpec(1, List.of(code), Activation.LINEAR, false, 0);
    // W = (1, -2), b = (0.5, 0), V = (3, 0.25) by units, c = 1 and x = 2: z = (2.5, -4), h = (0,
    // -4)
    double[] parameters = {1, -2, 0.5, 0, 3, 0.25, 1};
    ReferenceAutoencoder.Result result =
        new ReferenceAutoencoder(spec).evaluate(parameters, new double[][] {{2}}, new double[] {1});
    // x_hat = -1 + 1 = 0: 1/2 2^2 = 2
    assertEquals(2, result.terms().get("reconstruction"), 1e-15);
    // dx_hat = -2;  dV_2 = -2 * -4;  dc = -2;  dz_2 = -2 * 0.25;  dW_2 = -0.5 * 2;  db_2 = -0.5
    assertArrayEquals(new double[] {0, -1, 0, -0.5, 0, 8, -2}, result.gradient(), 1e-15);
  }

  @Test
  void preBiasByHand() {
    AutoencoderSpec spec = Cases.oneLayer(1, 1, Activation.LINEAR, Sparsity.NONE).withPreBias(true);
    // W = 0.5, b = 1, V = 3, c = 4 and x = 6: h = 0.5 (6 - 4) + 1 = 2, x_hat = 6 + 4
    double[] parameters = {0.5, 1, 3, 4};
    ReferenceAutoencoder.Result result =
        new ReferenceAutoencoder(spec).evaluate(parameters, new double[][] {{6}}, new double[] {1});
    assertEquals(8, result.terms().get("reconstruction"), 1e-15);
    // dx_hat = 4;  dV = 4 * 2 + 0.01 * 3;  dh = 4 * 3 = 12;  dW = 12 (6 - 4) + 0.01 * 0.5;  db = 12
    // dc = 4 - 12 * 0.5
    assertArrayEquals(new double[] {24.005, 12, 8.03, -2}, result.gradient(), 1e-14);
  }

  @Test
  void winnersOfThreeRowsByHand() {
    AutoencoderSpec spec =
        new AutoencoderSpec(1, List.of(LifetimeCases.code(2, 0.5)), Activation.LINEAR, false, 0);
    // W = (1, -1), b = (0, 0), V = (2, 0.5) by units, c = 0 and x = 1, 3, -2 with weights 1, 1, 2:
    // unit 1 has z = (1, 3, -2) and wins in rows 1 and 2, which weigh half; unit 2 in row 3 alone
    double[] parameters = {1, -1, 0, 0, 2, 0.5, 0};
    ReferenceAutoencoder.Result result =
        new ReferenceAutoencoder(spec)
            .evaluate(parameters, new double[][] {{1}, {3}, {-2}}, new double[] {1, 1, 2});
    // x_hat = (2, 6, 1): (1/2 1^2 + 1/2 3^2 + 2 1/2 3^2) / 4 = 14 / 4
    assertEquals(3.5, result.terms().get("reconstruction"), 1e-15);
    // shares of dx_hat = (0.25, 0.75, 1.5);  dV = (0.25 1 + 0.75 3, 1.5 2);  dc = 2.5
    // dz_1 = (0.5, 1.5), dW_1 = 0.5 1 + 1.5 3, db_1 = 2;  dz_2 = 0.75, dW_2 = 0.75 -2, db_2 = 0.75
    assertArrayEquals(new double[] {5, -1.5, 2, 0.75, 2.5, 3, 2.5}, result.gradient(), 1e-15);
  }

  @Test
  void tiedWeightCountsOnceInTheDecayAndTwiceInTheGradient() {
    AutoencoderSpec spec =
        new AutoencoderSpec(
            1,
            List.of(new HiddenLayer(1, Activation.LINEAR, Sparsity.NONE)),
            Activation.LINEAR,
            true,
            0.1);
    // W = 0.5, b = 0, c = 0 and x = 2: h = 1, x_hat = 0.5, dx_hat = -1.5.
    ReferenceAutoencoder.Result result =
        new ReferenceAutoencoder(spec)
            .evaluate(new double[] {0.5, 0, 0}, new double[][] {{2}}, new double[] {1});
    assertEquals(0.0125, result.terms().get("weightDecay"), 1e-15); // 0.1/2 * 0.25
    // as decoder -1.5 * 1, as encoder -1.5 * 0.5 * 2, decay 0.1 * 0.5;  db = -1.5 * 0.5;  dc = -1.5
    assertArrayEquals(new double[] {-2.95, -0.75, -1.5}, result.gradient(), 1e-15);
  }

  @Test
  void klOfTwoWeightedRowsByHand() {
    Sparsity sparsity = new Sparsity(SparsityKind.KL, SparsityScope.UNIT, 2, 0.5);
    AutoencoderSpec spec = Cases.oneLayer(1, 1, Activation.SIGMOID, sparsity);
    // W = ln 3, b = 0: h(-1) = 1/4 with weight 3, h(1) = 3/4 with weight 1; mean (3/4 + 3/4)/4 =
    // 3/8
    double[] parameters = {Math.log(3), 0, 0, 0};
    ReferenceAutoencoder.Result result =
        new ReferenceAutoencoder(spec)
            .evaluate(parameters, new double[][] {{-1}, {1}}, new double[] {3, 1});
    // 2 (1/2 ln(4/3) + 1/2 ln(4/5)) = ln(16/15)
    assertEquals(Math.log(16.0 / 15), result.terms().get("sparsity1"), 1e-15);
    // V = c = 0: x_hat = 0, so 1/2 x^2 = 1/2 for both rows.
    assertEquals(0.5, result.terms().get("reconstruction"), 1e-15);
    // w s' = 2 (-(1/2)/(3/8) + (1/2)/(5/8)) = 2 (-4/3 + 4/5) = -16/15;  f' = 3/16 for both rows
    // db = (3/4 + 1/4) * 3/16 * -16/15 = -1/5
    assertEquals(-0.2, result.gradient()[1], 1e-15);
    // dW = 3/16 * -16/15 * (3/4 * -1 + 1/4 * 1) + 0.01 ln 3 = 1/10 + 0.01 ln 3
    assertEquals(0.1 + 0.01 * Math.log(3), result.gradient()[0], 1e-15);
  }
}

package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.Gated;
import org.sparksae.core.model.JumpReluTraining;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.nn.GateCases;
import org.sparksae.core.nn.ReferenceOneLayer;
import org.sparksae.core.nn.TargetCases;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.Blocks;
import org.sparksae.core.rows.LocalPartitionSum;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.rows.RowPermutation;

/** Thresholds and gates, against the reference and by hand. */
class GateGradientTest {
  private static final int INPUTS = 13;
  private static final int UNITS = 29;
  private static final int ROWS = 60;
  private static final int[][] CUT = {{20, 11}, {}, {1}, {28}};
  private static final double TOLERANCE = 1e-5;

  /** A bandwidth that floats hold exactly, and a threshold. */
  private static final double EPSILON = 0.5;

  private static final double THETA = 1;

  static Stream<Cases.Case> grid() {
    Stream<Cases.Case> some = GateCases.grid(INPUTS, UNITS);
    return Stream.concat(some, TargetCases.of(GateCases.grid(INPUTS, UNITS), 10));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("grid")
  void objectiveAndGradientAreTheReferences(Cases.Case of) {
    Cases.Data data = GateCases.data(of, ROWS, 1e-5);
    ReferenceOneLayer.Result expected =
        ReferenceOneLayer.of(of.spec()).evaluate(data.parameters(), data.rows(), data.weights());
    RowBlock all = Blocks.block(data.rows(), data.weights(), data.rows()[0].length);
    for (RowBlock rows : List.of(all, Blocks.sparse(all))) {
      assertEqual(of, expected, evaluate(of, data, List.of(List.of(rows))));
    }
    assertEqual(of, expected, evaluate(of, data, Blocks.cut(all, CUT)));
  }

  private static Evaluation evaluate(Cases.Case of, Cases.Data data, List<List<RowBlock>> rows) {
    GradientSource source = new GradientSource(of.spec(), new LocalPartitionSum(rows));
    float[] parameters = Cases.floats(data.parameters());
    Evaluation evaluation = source.evaluate(parameters, Batch.ALL);
    double[] alone = source.terms(parameters, Batch.ALL).values();
    for (int t = 0; t < alone.length; t++) {
      assertTrue(Blocks.difference(evaluation.terms().values()[t], alone[t]) < 1e-6);
    }
    return evaluation;
  }

  private static void assertEqual(
      Cases.Case of, ReferenceOneLayer.Result expected, Evaluation actual) {
    assertEquals(List.copyOf(expected.terms().keySet()), actual.terms().names());
    expected
        .terms()
        .forEach(
            (term, value) ->
                assertTrue(
                    Blocks.difference(value, actual.terms().get(term)) < TOLERANCE,
                    () -> term + ": " + value + ", " + actual.terms().get(term)));
    for (Tensor tensor : of.spec().layout().tensors()) {
      double difference = Cases.difference(expected.gradient(), actual.gradient(), tensor);
      assertTrue(difference < TOLERANCE, () -> tensor.name() + " differs by " + difference);
    }
  }

  /**
   * One latent with z = x and V = 1, and a bias that reconstructs the row alone: the slope of h is
   * h, so that of theta is {@code -(theta h + w) / epsilon} within half a bandwidth, and nothing
   * outside of it.
   */
  @ParameterizedTest
  @CsvSource({
    "-1, 0, 0", // z = theta - epsilon
    "-0.25, 0, -1", // z = theta - epsilon / 4: h = 0, only the penalty's slope
    "0.25, 1.125, -3.25",
    "1, 1.5, 0",
    "-0.5, 0, 0", // the kernel is 0 at its ends
    "0.5, 1.25, 0",
    "0, 0, -1" // at the threshold itself the latent is not active
  })
  void thresholdsHaveTheGradientOfTheRectangle(double at, double h, double slope) {
    double weight = 0.5;
    AutoencoderSpec spec = jump(1, SparsityKind.L0, weight, 0.2);
    float z = (float) (THETA + at * EPSILON);
    float[] parameters = {1, 0, 1, z, (float) THETA};
    Evaluation evaluation = evaluation(spec, parameters, z);
    assertEquals(0.5 * h * h, evaluation.terms().get("reconstruction"), 1e-6);
    assertEquals(h > 0 ? weight : 0, evaluation.terms().get("sparsity1"), 1e-6);
    assertEquals(slope, evaluation.gradient()[4], 1e-6);
    assertEquals(h * z + 0.01, evaluation.gradient()[0], 1e-6, "only where it is active");
  }

  /** The mean over the batch counts: three rows with 2, 1 and 0 active latents, target 2. */
  @Test
  void aTargetIsComparedWithTheMeanOfTheGlobalBatch() {
    AutoencoderSpec spec = jump(2, SparsityKind.TARGET_L0, 3, 2);
    float[] parameters = {1, 0.5f, 0, 0, 0, 0, 0, (float) THETA, (float) THETA};
    DenseRows rows = DenseRows.of(new float[] {4, 1.5f, -1}, 3, 1);
    RowBlock all = new RowBlock(rows, null);
    for (List<List<RowBlock>> cut :
        List.of(List.of(List.of(all)), Blocks.cut(all, new int[][] {{1}, {}, {2}}))) {
      Evaluation evaluation =
          new GradientSource(spec, new LocalPartitionSum(cut)).evaluate(parameters, Batch.ALL);
      // 3 (1 / 2 - 1)^2
      assertEquals(0.75, evaluation.terms().get("sparsity1"), 1e-6);
    }
  }

  private static AutoencoderSpec jump(int units, SparsityKind kind, double weight, double target) {
    return GateCases.spec(
        1,
        units,
        new JumpReluTraining(THETA, EPSILON),
        new Sparsity(kind, SparsityScope.UNIT, weight, target));
  }

  private static Evaluation evaluation(AutoencoderSpec spec, float[] parameters, float... rows) {
    RowBlock all = new RowBlock(DenseRows.of(rows, rows.length, 1), null);
    return new GradientSource(spec, Blocks.onePartition(all))
        .evaluate(parameters, Batch.of(new RowPermutation(rows.length, 1, 0), 0, rows.length));
  }

  /**
   * Two rows of which neither activates the latent, and one that does: |V| = 2, and the distances
   * from the threshold are 2 and 0.5 of three rows.
   */
  @Test
  void latentsThatAreNotActiveAreDrawnToTheirThreshold() {
    JumpReluTraining form = new JumpReluTraining(THETA, 0.25, 0.3);
    Sparsity none = new Sparsity(SparsityKind.TANH, SparsityScope.UNIT, 0, 0.2);
    AutoencoderSpec spec = GateCases.spec(1, 1, form, none);
    AutoencoderSpec plain = GateCases.spec(1, 1, new JumpReluTraining(THETA, 0.25), none);
    float[] parameters = {1, 0, 2, 0, (float) THETA};
    Evaluation with = evaluation(spec, parameters, -1f, 0.5f, 3f);
    Evaluation without = evaluation(plain, parameters, -1f, 0.5f, 3f);
    assertEquals(0.3 * 2.5 * 2 / 3, with.terms().get("auxiliary"), 1e-6);
    assertEquals(List.of("reconstruction", "weightDecay", "sparsity1"), without.terms().names());
    double[] gained = new double[5];
    Arrays.setAll(gained, p -> with.gradient()[p] - without.gradient()[p]);
    // W: -|V| (-1 + 0.5), b: -2 |V|, V: the distances times its sign, theta: 2 |V|
    assertArrayEquals(new double[] {0.1, -0.4, 0.25, 0, 0.4}, gained, 1e-6);
  }

  /** A latent that is near its threshold, but not above it, has not fired. */
  @Test
  void onlyActiveLatentsFire() {
    float[] parameters = {1, 0, 1, 0, (float) THETA};
    double[] firings =
        evaluation(jump(1, SparsityKind.L0, 1, 0.2), parameters, 0.9f, 1.1f, 3f, 0f).firings();
    assertArrayEquals(new double[] {2, 4, 0, 0}, firings);
    AutoencoderSpec gated =
        GateCases.spec(
            1, 1, new Gated(), new Sparsity(SparsityKind.L1, SparsityScope.UNIT, 1, 0.2));
    // The gate opens above -1, the magnitude is positive above 1.
    firings = evaluation(gated, new float[] {1, 1, 1, 0, 0, -1}, -2f, 0.5f, 1.5f).firings();
    assertArrayEquals(new double[] {1, 3, 0, 0}, firings);
  }

  /** p = x + 1, h = 2 (x - 1/4) .. by hand, with the decoder constant in the last term. */
  @Test
  void gatesByHand() {
    AutoencoderSpec spec =
        GateCases.spec(
            1, 1, new Gated(), new Sparsity(SparsityKind.L1, SparsityScope.UNIT, 0.5, 0.2));
    float ln2 = (float) Math.log(2);
    float[] parameters = {1, 1, 3, 0.5f, ln2, -0.5f};
    Evaluation evaluation = evaluation(spec, parameters, 1f);
    // g = 1, p = 2, h = 2 - 0.5 = 1.5; x_hat = 4.5 + 0.5, of the gate 6 + 0.5
    assertArrayEquals(
        new double[] {0.5 * 16, 0.005 * 10, 0.5 * 2, 0.5 * 5.5 * 5.5},
        evaluation.terms().values(),
        1e-6);
    double slope = 3 * 4;
    double ofGate = 3 * 5.5 + 0.5;
    assertArrayEquals(
        new double[] {2 * slope + ofGate + 0.01, ofGate, 4 * 1.5 + 0.03, 4, 2 * slope, slope},
        evaluation.gradient(),
        2e-5);
  }

  /** Every latent of every row, which is how a training may begin. */
  @Test
  void allLatentsMayBeEntries() {
    AutoencoderSpec spec =
        GateCases.spec(
            INPUTS,
            600,
            new JumpReluTraining(0.001, 1e6),
            new Sparsity(SparsityKind.L0, SparsityScope.UNIT, 0.1, 0.2));
    Cases.Case of = new Cases.Case("", spec, false);
    Cases.Data data = GateCases.data(of, 9, 1e-6);
    ReferenceOneLayer.Result expected =
        ReferenceOneLayer.of(spec).evaluate(data.parameters(), data.rows(), data.weights());
    RowBlock all = Blocks.block(data.rows(), data.weights(), INPUTS);
    assertEqual(of, expected, evaluate(of, data, List.of(List.of(all))));
  }

  @Test
  void aValueThatIsNotANumberShows() {
    for (Cases.Case of : GateCases.few(INPUTS, UNITS).toList()) {
      Cases.Data data = GateCases.data(of, 9, 1e-6);
      data.parameters()[3] = Double.NaN;
      RowBlock all = Blocks.block(data.rows(), data.weights(), INPUTS);
      Evaluation evaluation =
          new GradientSource(of.spec(), Blocks.onePartition(all))
              .evaluate(Cases.floats(data.parameters()), Batch.ALL);
      assertTrue(Double.isNaN(evaluation.terms().total()), of.name());
    }
  }
}

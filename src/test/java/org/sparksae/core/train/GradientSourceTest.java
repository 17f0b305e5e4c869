package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.nn.ConvolutionCases;
import org.sparksae.core.nn.KSparseCases;
import org.sparksae.core.nn.LifetimeCases;
import org.sparksae.core.nn.PreBiasCases;
import org.sparksae.core.nn.ReferenceAutoencoder;
import org.sparksae.core.nn.TargetCases;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.Blocks;
import org.sparksae.core.rows.PartitionSum;
import org.sparksae.core.rows.RowBlock;

/** The float implementation gives what the double reference gives. */
class GradientSourceTest {
  private static final double TOLERANCE = 1e-4;

  static Stream<Cases.Case> grid() {
    return Cases.grid(13, 7, 5, 3);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("grid")
  void everyTermAndTensorIsThatOfTheReference(Cases.Case of) {
    // Float rounding moves a pre-activation by some 1e-6: no ReLU may switch for that.
    assertLikeReference(of, Cases.data(of, 37, 1e-4));
  }

  static Stream<Cases.Case> kSparse() {
    // More units than a tile of them has.
    Stream<Cases.Case> many = KSparseCases.few(5, 600, 9).filter(of -> of.spec().tiedWeights());
    return Stream.concat(KSparseCases.pairs(13, 17, 1, 3, 17), many);
  }

  /** Float rounding moves a pre-activation by some 1e-6: no other unit may be kept for that. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("kSparse")
  void everyTermAndTensorOfAKSparseModelIsThatOfTheReference(Cases.Case of) {
    assertLikeReference(of, Cases.data(of, 11, 1e-5));
  }

  static Stream<Cases.Case> lifetime() {
    return LifetimeCases.pairs(13, 7);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lifetime")
  void everyTermAndTensorOfAModelWithLifetimeSparsityIsThatOfTheReference(Cases.Case of) {
    assertLikeReference(of, Cases.data(of, 37, 1e-5));
  }

  static Stream<Cases.Case> preBiases() {
    return PreBiasCases.all(13, 17, 3);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("preBiases")
  void everyTermAndTensorOfAModelWithAPreBiasIsThatOfTheReference(Cases.Case of) {
    assertLikeReference(of, Cases.data(of, 37, 1e-5));
  }

  static Stream<Cases.Case> transcoders() {
    return TargetCases.classic(13, 17, 3, 10);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("transcoders")
  void everyTermAndTensorOfATranscoderIsThatOfTheReference(Cases.Case of) {
    assertLikeReference(of, Cases.data(of, 37, 1e-5));
  }

  static Stream<Cases.Case> convolutions() {
    return ConvolutionCases.few();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("convolutions")
  void everyTermAndTensorOfAConvolutionIsThatOfTheReference(Cases.Case of) {
    assertLikeReference(of, Cases.data(of, 11, 1e-5));
  }

  @Test
  void winnersAreThoseOfAllTiles() {
    AutoencoderSpec spec =
        new AutoencoderSpec(2, List.of(LifetimeCases.code(2, 0.1)), Activation.LINEAR, false, 0.01);
    Cases.Case of = new Cases.Case("", spec, true);
    assertLikeReference(of, Cases.data(of, spec.tileRows() + 600, 1e-6));
  }

  static Stream<Cases.Case> kSparseTileCrossing() {
    return KSparseCases.grid(5, 7, 2)
        .filter(of -> of.weighted() && of.spec().outputActivation() == Activation.LINEAR);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kSparseTileCrossing")
  void severalTilesOfAKSparseModelAndAPartOfOne(Cases.Case of) {
    assertLikeReference(of, Cases.data(of, of.spec().tileRows() + 600, 2e-6));
  }

  static Stream<Cases.Case> tileCrossing() {
    return Stream.of(SparsityScope.values())
        .flatMap(
            scope ->
                Stream.of(SparsityKind.KL, SparsityKind.TARGET_L2, SparsityKind.L2)
                    .map(kind -> Cases.sparsity(kind, scope)))
        .map(
            sparsity ->
                new Cases.Case(
                    Cases.describe(sparsity),
                    Cases.oneLayer(13, 7, Activation.SIGMOID, sparsity),
                    true));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tileCrossing")
  void severalTilesAndAPartOfOne(Cases.Case of) {
    int rows = 2 * of.spec().tileRows() + 76;
    assertLikeReference(of, Cases.random(of, rows, 1));
  }

  private static void assertLikeReference(Cases.Case of, Cases.Data data) {
    ReferenceAutoencoder.Result expected =
        new ReferenceAutoencoder(of.spec())
            .evaluate(data.parameters(), data.rows(), data.weights());
    RowBlock rows = Blocks.block(data.rows(), data.weights(), data.rows()[0].length);
    float[] parameters = Cases.floats(data.parameters());
    Evaluation actual = Blocks.evaluate(of, parameters, Blocks.onePartition(rows), Batch.ALL);

    assertEquals(data.rows().length, actual.rows());
    assertEquals(List.copyOf(expected.terms().keySet()), actual.terms().names());
    for (String term : actual.terms().names()) {
      double difference = Blocks.difference(expected.terms().get(term), actual.terms().get(term));
      assertTrue(difference < TOLERANCE, () -> term + " differs by " + difference);
    }
    for (Tensor tensor : of.spec().layout().tensors()) {
      double difference = Cases.difference(expected.gradient(), actual.gradient(), tensor);
      assertTrue(difference < TOLERANCE, () -> tensor.name() + " differs by " + difference);
    }
  }

  @Test
  void oneUnitByHand() {
    Sparsity sparsity = new Sparsity(SparsityKind.L1, SparsityScope.UNIT, 0.25, 0);
    Cases.Case of = new Cases.Case("", Cases.oneLayer(1, 1, Activation.LINEAR, sparsity), false);
    RowBlock rows = Blocks.block(new double[][] {{2}}, new double[] {1}, 1);
    Evaluation evaluation =
        Blocks.evaluate(of, new float[] {0.5f, 0, 1, 0.5f}, Blocks.onePartition(rows), Batch.ALL);
    // h = 0.5 * 2 = 1, x_hat = 1.5: 1/2 0.5^2 = 0.125;  0.01/2 (0.25 + 1) = 0.00625;  0.25 |1|
    assertArrayEquals(new double[] {0.125, 0.00625, 0.25}, evaluation.terms().values(), 1e-9);
    // dx_hat = -0.5;  dV = -0.5 + 0.01;  dc = -0.5;  dh = -0.5 + 0.25;  dW = -0.25 * 2 + 0.005
    assertArrayEquals(new double[] {-0.495, -0.25, -0.49, -0.5}, evaluation.gradient(), 1e-9);
  }

  @ParameterizedTest
  @EnumSource(names = {"L1", "L2", "NONE"})
  void penaltiesWithoutATargetHaveNoScope(SparsityKind kind) {
    Evaluation[] evaluations = new Evaluation[2];
    for (SparsityScope scope : SparsityScope.values()) {
      Cases.Case of =
          new Cases.Case(
              "", Cases.oneLayer(13, 7, Activation.TANH, Cases.sparsity(kind, scope)), false);
      Cases.Data data = Cases.random(of, 20, 1);
      PartitionSum rows = Blocks.onePartition(Blocks.block(data.rows(), data.weights(), 13));
      evaluations[scope.ordinal()] =
          Blocks.evaluate(of, Cases.floats(data.parameters()), rows, Batch.ALL);
    }
    assertArrayEquals(evaluations[0].terms().values(), evaluations[1].terms().values());
    assertArrayEquals(evaluations[0].gradient(), evaluations[1].gradient());
  }

  @Test
  void neitherParametersNorRowsAreChanged() {
    Cases.Case of = grid().filter(each -> each.weighted()).findFirst().orElseThrow();
    Cases.Data data = Cases.random(of, 20, 1);
    RowBlock rows = Blocks.block(data.rows(), data.weights(), 13);
    float[] values = ((DenseRows) rows.rows()).values().clone();
    float[] weights = rows.weights().clone();
    float[] parameters = Cases.floats(data.parameters());
    Blocks.evaluate(of, parameters, Blocks.onePartition(rows), Batch.ALL);
    assertArrayEquals(Cases.floats(data.parameters()), parameters);
    assertArrayEquals(values, ((DenseRows) rows.rows()).values());
    assertArrayEquals(weights, rows.weights());
  }
}

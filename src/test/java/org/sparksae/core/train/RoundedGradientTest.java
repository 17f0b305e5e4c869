package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.Precision;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.nn.GateCases;
import org.sparksae.core.nn.KSparseCases;
import org.sparksae.core.nn.LatentCases;
import org.sparksae.core.nn.LifetimeCases;
import org.sparksae.core.nn.PreBiasCases;
import org.sparksae.core.nn.ReferenceAutoencoder;
import org.sparksae.core.nn.ReferenceLatents;
import org.sparksae.core.nn.ReferenceOneLayer;
import org.sparksae.core.nn.TargetCases;
import org.sparksae.core.nn.code.CodeMemory;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.Blocks;
import org.sparksae.core.rows.PartitionSum;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.rows.RowPermutation;

/**
 * Objective and gradient with products of bfloat16, against references that round both sides of
 * these products and compute the rest in double. They are no derivatives of each other: finite
 * differences of a rounded function are those of steps.
 */
class RoundedGradientTest {
  private static final int INPUTS = 13;
  private static final int ROWS = 9;
  private static final double TOLERANCE = 1e-5;

  /** Rounding moves a product by about 2^-9 of itself; float moves it by 2^-24. */
  private static final double ROUNDED = 1e-4;

  /** What keeps off kinks and ties by that much is rounded in float as in double. */
  private static final double DISTANCE = 3e-6;

  private static Cases.Case rounded(Cases.Case of) {
    return new Cases.Case(of.name(), of.spec().with(Precision.BFLOAT16), of.weighted());
  }

  private static Stream<Cases.Case> every(int step, Stream<Cases.Case> cases) {
    List<Cases.Case> all = cases.toList();
    return Stream.iterate(0, i -> i < all.size(), i -> i + step).map(all::get);
  }

  /** Every penalty, every kind of code that one row decides, and all rows; one to three layers. */
  static Stream<Cases.Case> classic() {
    return Stream.of(
            every(5, Cases.grid(INPUTS, 7, 5)),
            KSparseCases.turns(INPUTS, 17, 3),
            LifetimeCases.turns(INPUTS, 7),
            PreBiasCases.few(INPUTS, 17, 3),
            every(3, TargetCases.classic(INPUTS, 17, 3, 10)))
        .flatMap(cases -> cases)
        .map(RoundedGradientTest::rounded);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("classic")
  void objectiveAndGradientAreTheReferences(Cases.Case of) {
    Cases.Data data = Cases.data(of, ROWS, DISTANCE);
    ReferenceAutoencoder.Result expected =
        new ReferenceAutoencoder(of.spec())
            .evaluate(data.parameters(), data.rows(), data.weights());
    assertEqual(of, expected.terms(), expected.gradient(), evaluate(of, data, CodeMemory.NONE));
    assertRounded(of, data, expected.gradient());
  }

  static Stream<Cases.Case> latents() {
    Stream<Cases.Case> plain = LatentCases.grid(INPUTS, 29);
    return Stream.concat(plain, TargetCases.of(LatentCases.grid(INPUTS, 29), 10))
        .map(RoundedGradientTest::rounded);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("latents")
  void theTopKFamilyIsTheReferences(Cases.Case of) {
    int[] dead = {0, 3, 4, 11, 20, 28};
    Cases.Data data = Cases.random(of, ROWS, 1);
    ReferenceLatents.Result expected =
        new ReferenceLatents(of.spec())
            .evaluate(data.parameters(), data.rows(), data.weights(), dead);
    Evaluation actual = evaluate(of, data, new CodeMemory(dead, 0f));
    assertEqual(of, expected.terms(), expected.gradient(), actual);
  }

  static Stream<Cases.Case> gates() {
    Stream<Cases.Case> some = GateCases.few(INPUTS, 29);
    return Stream.concat(some, TargetCases.of(GateCases.grid(INPUTS, 29), 10))
        .map(RoundedGradientTest::rounded);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("gates")
  void thresholdsAndGatesAreTheReferences(Cases.Case of) {
    Cases.Data data = GateCases.data(of, ROWS, 1e-5);
    ReferenceOneLayer.Result expected =
        ReferenceOneLayer.of(of.spec()).evaluate(data.parameters(), data.rows(), data.weights());
    assertEqual(of, expected.terms(), expected.gradient(), evaluate(of, data, CodeMemory.NONE));
  }

  private static Evaluation evaluate(Cases.Case of, Cases.Data data, CodeMemory memory) {
    RowBlock rows = Blocks.block(data.rows(), data.weights(), data.rows()[0].length);
    return new GradientSource(of.spec(), Blocks.onePartition(rows))
        .evaluate(Cases.floats(data.parameters()), Batch.ALL, memory, false);
  }

  private static void assertEqual(
      Cases.Case of, Map<String, Double> terms, double[] gradient, Evaluation actual) {
    assertEquals(List.copyOf(terms.keySet()), actual.terms().names());
    terms.forEach(
        (term, value) ->
            assertTrue(
                Blocks.difference(value, actual.terms().get(term)) < TOLERANCE,
                () -> term + ": " + value + ", " + actual.terms().get(term)));
    for (Tensor tensor : of.spec().layout().tensors()) {
      double difference = Cases.difference(gradient, actual.gradient(), tensor);
      assertTrue(difference < TOLERANCE, () -> tensor.name() + " differs by " + difference);
    }
  }

  /** Otherwise the test would not notice products of float32. */
  private static void assertRounded(Cases.Case of, Cases.Data data, double[] gradient) {
    double[] exact =
        new ReferenceAutoencoder(of.spec().with(Precision.FLOAT32))
            .evaluate(data.parameters(), data.rows(), data.weights())
            .gradient();
    double difference = Cases.difference(exact, gradient);
    assertTrue(difference > ROUNDED, () -> "float32 differs by " + difference + " only");
  }

  /** Numbers of so few bits that bfloat16 holds them; in one pass over the rows, and in two. */
  @Test
  void numbersOfFewBitsGiveTheBitsOfFloat32() {
    Batch some = Batch.of(new RowPermutation(4, 1, 0), 0, 4);
    assertExact(Activation.LINEAR, SparsityKind.TARGET_L2, some);
    assertExact(Activation.RELU, SparsityKind.L1, some);
    assertExact(Activation.RELU, SparsityKind.L1, Batch.ALL);
  }

  private static void assertExact(Activation activation, SparsityKind kind, Batch batch) {
    Sparsity sparsity = new Sparsity(kind, SparsityScope.UNIT, 0.5, 0.25);
    AutoencoderSpec spec = Cases.oneLayer(3, 2, activation, sparsity);
    float[] parameters = {1, -1, 0, 0, 2, 1, 0, 1, 1, 0, 0, 1, -1, 1, 0, 0, 1};
    double[][] rows = {{1, 2, 0}, {-1, 1, 3}, {0, 2, -2}, {1, 1, 1}};
    PartitionSum data = Blocks.onePartition(Blocks.block(rows, new double[] {1, 1, 1, 1}, 3));
    Evaluation exact = new GradientSource(spec, data).evaluate(parameters, batch);
    Evaluation rounded =
        new GradientSource(spec.with(Precision.BFLOAT16), data).evaluate(parameters, batch);
    assertArrayEquals(exact.terms().values(), rounded.terms().values());
    assertArrayEquals(exact.gradient(), rounded.gradient());
  }

  /** Of sparse rows with a sparse code, no product has two dense sides. */
  @Test
  void sparseRowsWithASparseCodeHaveTheBitsOfFloat32() {
    KSparseCases.few(INPUTS, 17, 3)
        .filter(of -> of.spec().depth() == 1)
        .forEach(
            of -> {
              Cases.Data data = Cases.random(of, ROWS, 1);
              RowBlock dense = Blocks.block(data.rows(), data.weights(), INPUTS);
              PartitionSum rows = Blocks.onePartition(Blocks.sparse(dense));
              float[] parameters = Cases.floats(data.parameters());
              Evaluation exact = Blocks.evaluate(of, parameters, rows, Batch.ALL);
              Evaluation rounded = Blocks.evaluate(rounded(of), parameters, rows, Batch.ALL);
              assertArrayEquals(exact.gradient(), rounded.gradient());
            });
  }
}

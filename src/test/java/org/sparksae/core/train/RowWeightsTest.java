package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.nn.KSparseCases;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.Blocks;
import org.sparksae.core.rows.LocalPartitionSum;
import org.sparksae.core.rows.PartitionSum;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.rows.RowPermutation;

/** A row's weight is how often it counts. */
class RowWeightsTest {
  private static final int INPUTS = 13;

  static Stream<Cases.Case> penalties() {
    return Stream.concat(
        PartitionInvarianceTest.penaltiesOfPlainRows(), KSparseCases.few(INPUTS, 29, 3));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("penalties")
  void weightTwoIsTwiceAndWeightZeroIsNever(Cases.Case of) {
    Cases.Data data = Cases.random(of, 6, 1);
    double[][] x = data.rows();
    double[] weights = {1, 2, 0, 1, 0, 2};
    double[][] written = {x[0], x[1], x[1], x[3], x[5], x[5]};
    double[] ones = {1, 1, 1, 1, 1, 1};
    assertSame(of, data, Blocks.block(x, weights, INPUTS), Blocks.block(written, ones, INPUTS));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("penalties")
  void onlyTheRatioOfWeightsCounts(Cases.Case of) {
    Cases.Data data = Cases.random(of, 4, 1);
    RowBlock small = Blocks.block(data.rows(), new double[] {0.25, 0.5, 0.75, 1.25}, INPUTS);
    RowBlock large = Blocks.block(data.rows(), new double[] {256, 512, 768, 1280}, INPUTS);
    assertSame(of, data, small, large);
  }

  private static void assertSame(Cases.Case of, Cases.Data data, RowBlock a, RowBlock b) {
    float[] parameters = Cases.floats(data.parameters());
    Evaluation left = Blocks.evaluate(of, parameters, Blocks.onePartition(a), Batch.ALL);
    Evaluation right = Blocks.evaluate(of, parameters, Blocks.onePartition(b), Batch.ALL);
    for (String term : left.terms().names()) {
      assertTrue(Blocks.difference(left.terms().get(term), right.terms().get(term)) < 1e-6, term);
    }
    assertTrue(Cases.difference(left.gradient(), right.gradient()) < 1e-6);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("penalties")
  void withoutWeightOnlyTheWeightDecayIsLeft(Cases.Case of) {
    Cases.Data data = Cases.random(of, 6, 1);
    RowBlock weightless = Blocks.block(data.rows(), new double[6], INPUTS);
    RowBlock plain = Blocks.block(data.rows(), data.weights(), INPUTS);
    assertOnlyDecay(of, data, Blocks.onePartition(weightless), Batch.ALL, 6);
    assertOnlyDecay(of, data, new LocalPartitionSum(List.of(List.of())), Batch.ALL, 0);
    Batch empty = Batch.of(new RowPermutation(6, 1, 0), 3, 3);
    assertOnlyDecay(of, data, Blocks.onePartition(plain), empty, 0);
  }

  private static void assertOnlyDecay(
      Cases.Case of, Cases.Data data, PartitionSum rows, Batch batch, long expectedRows) {
    float[] parameters = Cases.floats(data.parameters());
    Evaluation evaluation = Blocks.evaluate(of, parameters, rows, batch);
    double[] decayed = new double[parameters.length];
    double squares = 0;
    for (var tensor : of.spec().layout().tensors()) {
      for (int p = tensor.offset(); p < tensor.offset() + tensor.size(); p++) {
        double w = tensor.name().endsWith(".weight") ? parameters[p] : 0;
        decayed[p] = 0.01 * w;
        squares += w * w;
      }
    }
    assertEquals(expectedRows, evaluation.rows());
    assertEquals(0, Cases.difference(decayed, evaluation.gradient()));
    double[] terms = new double[2 + of.spec().depth()];
    terms[1] = 0.01 / 2 * squares;
    assertEquals(terms[1], evaluation.terms().get("weightDecay"), 1e-12);
    terms[1] = evaluation.terms().get("weightDecay");
    assertTrue(Arrays.equals(terms, evaluation.terms().values()), "other terms must be 0");
  }
}

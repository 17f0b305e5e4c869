package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.nn.ConvolutionCases;
import org.sparksae.core.nn.KSparseCases;
import org.sparksae.core.nn.LifetimeCases;
import org.sparksae.core.nn.ReferenceAutoencoder;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.Blocks;
import org.sparksae.core.rows.LocalPartitionSum;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.rows.RowPermutation;

/** How the rows are cut into partitions is not to be seen in the objective or its gradient. */
class PartitionInvarianceTest {
  private static final int INPUTS = 13;
  private static final int ROWS = 100;
  private static final int[][] UNEVEN = {{}, {20, 11}, {1}, {}, {9, 30}, {27, 1, 1}, {}};
  private static final double TOLERANCE = 1e-6;

  static Stream<Cases.Case> penalties() {
    List<Cases.Case> cases = new ArrayList<>();
    for (Sparsity sparsity : Cases.penalties()) {
      for (int depth = 1; depth <= 2; depth++) {
        for (boolean weighted : new boolean[] {false, true}) {
          String name =
              "%s, %d layer(s), %s rows"
                  .formatted(Cases.describe(sparsity), depth, weighted ? "weighted" : "plain");
          cases.add(new Cases.Case(name, spec(sparsity, depth), weighted));
        }
      }
    }
    return cases.stream();
  }

  private static AutoencoderSpec spec(Sparsity sparsity, int depth) {
    List<HiddenLayer> layers =
        List.of(
            new HiddenLayer(7, Activation.SIGMOID, sparsity),
            new HiddenLayer(5, Activation.SIGMOID, sparsity));
    return new AutoencoderSpec(INPUTS, layers.subList(0, depth), Activation.LINEAR, false, 0.01);
  }

  static Stream<Cases.Case> models() {
    Stream<Cases.Case> selecting =
        Stream.concat(KSparseCases.pairs(INPUTS, 29, 3), LifetimeCases.pairs(INPUTS, 3));
    return Stream.concat(Stream.concat(penalties(), selecting), ConvolutionCases.few());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void fullBatch(Cases.Case of) {
    assertInvariant(of, Batch.ALL);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void miniBatch(Cases.Case of) {
    assertInvariant(of, Batch.of(new RowPermutation(ROWS, 42, 3), 17, 50));
  }

  private static void assertInvariant(Cases.Case of, Batch batch) {
    // Rounding depends on the cut: nothing else of a code may be kept for that.
    boolean convolves = of.spec().isConvolutional();
    boolean selects = of.spec().code().form().selects() || convolves;
    Cases.Data data =
        selects ? Cases.data(of, ROWS, convolves ? 2e-6 : 1e-5) : Cases.random(of, ROWS, 1);
    RowBlock all = Blocks.block(data.rows(), data.weights(), of.spec().inputSize());
    float[] parameters = Cases.floats(data.parameters());
    Evaluation one = Blocks.evaluate(of, parameters, Blocks.onePartition(all), batch);
    LocalPartitionSum uneven = new LocalPartitionSum(Blocks.cut(all, UNEVEN));
    Evaluation seven = Blocks.evaluate(of, parameters, uneven, batch);
    Blocks.assertEqual(one, seven, TOLERANCE);

    Evaluation again = Blocks.evaluate(of, parameters, uneven, batch);
    assertArrayEquals(seven.gradient(), again.gradient(), "the same cut must give the same bits");
    assertArrayEquals(seven.terms().values(), again.terms().values());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("penalties")
  void miniBatchIsTheRowsThatTheOrderNames(Cases.Case of) {
    Cases.Data data = Cases.random(of, ROWS, 1);
    RowPermutation order = new RowPermutation(ROWS, 7, 0);
    double[][] rows = new double[33][];
    double[] weights = new double[33];
    for (int i = 0; i < 33; i++) {
      int row = (int) order.rowAt(17 + i);
      rows[i] = data.rows()[row];
      weights[i] = data.weights()[row];
    }
    ReferenceAutoencoder.Result expected =
        new ReferenceAutoencoder(of.spec()).evaluate(data.parameters(), rows, weights);
    RowBlock all = Blocks.block(data.rows(), data.weights(), INPUTS);
    Evaluation actual =
        Blocks.evaluate(
            of,
            Cases.floats(data.parameters()),
            new LocalPartitionSum(Blocks.cut(all, UNEVEN)),
            Batch.of(order, 17, 50));
    assertEquals(33, actual.rows());
    assertTrue(Blocks.difference(expected.total(), actual.terms().total()) < 1e-5);
    assertTrue(Cases.difference(expected.gradient(), actual.gradient()) < 1e-5);
  }

  /** Rows of two sources, one after the other, as an appended table gives them. */
  private static RowBlock twoSources(Cases.Data data) {
    double[][] rows = new double[ROWS][INPUTS];
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < INPUTS; j++) {
        rows[i][j] = 0.3 * data.rows()[i][j] + (i < ROWS / 2 ? -0.7 : 0.7);
      }
    }
    return Blocks.block(rows, data.weights(), INPUTS);
  }

  static Stream<Cases.Case> penaltiesOfPlainRows() {
    return penalties().filter(of -> !of.weighted());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("penaltiesOfPlainRows")
  void averagingGradientsOfPartitionsIsWrongWhereAPenaltyIsOfMeans(Cases.Case of) {
    Cases.Data data = Cases.random(of, ROWS, 1);
    RowBlock all = twoSources(data);
    float[] parameters = Cases.floats(data.parameters());
    double[] right =
        Blocks.evaluate(of, parameters, Blocks.onePartition(all), Batch.ALL).gradient();
    double[] average = averageOfPartitions(of, parameters, Blocks.cut(all, UNEVEN));
    double difference = Cases.difference(right, average);
    Sparsity sparsity = of.spec().hiddenLayers().get(0).sparsity();
    if (sparsity.needsMeans()) {
      assertTrue(difference > 1000 * TOLERANCE, () -> "differs by " + difference + " only");
    } else {
      assertTrue(difference < TOLERANCE, () -> "differs by " + difference);
    }
  }

  /** Each partition's own gradient, with its own mean activations, averaged by its rows. */
  private static double[] averageOfPartitions(
      Cases.Case of, float[] parameters, List<List<RowBlock>> partitions) {
    double[] average = new double[parameters.length];
    for (List<RowBlock> blocks : partitions) {
      Evaluation own =
          Blocks.evaluate(of, parameters, new LocalPartitionSum(List.of(blocks)), Batch.ALL);
      for (int p = 0; p < average.length; p++) {
        average[p] += own.gradient()[p] * own.rows() / ROWS;
      }
    }
    return average;
  }

  @Test
  void emptyBlocksInsideAPartitionChangeNothing() {
    Cases.Case of = penalties().findFirst().orElseThrow();
    Cases.Data data = Cases.random(of, ROWS, 1);
    RowBlock all = Blocks.block(data.rows(), data.weights(), INPUTS);
    float[] parameters = Cases.floats(data.parameters());
    int[][] withEmpty = {{0, 31, 0, 0, 4, 0}, {0}, {65, 0}};
    LocalPartitionSum cut = new LocalPartitionSum(Blocks.cut(all, withEmpty));
    for (Batch batch : List.of(Batch.ALL, Batch.of(new RowPermutation(ROWS, 1, 0), 0, ROWS))) {
      Evaluation one = Blocks.evaluate(of, parameters, Blocks.onePartition(all), batch);
      Evaluation three = Blocks.evaluate(of, parameters, cut, batch);
      assertEquals(ROWS, three.rows());
      assertTrue(Cases.difference(one.gradient(), three.gradient()) < TOLERANCE);
    }
  }

  @Test
  void noPartitionAtAllIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new LocalPartitionSum(List.of()));
  }
}

package org.sparksae.core.stats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.CodeLoss;
import org.sparksae.core.model.Convolution;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.ImageShape;
import org.sparksae.core.model.Padding;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.TopK;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.nn.KSparseCases;
import org.sparksae.core.nn.LatentCases;
import org.sparksae.core.nn.ReferenceLatents;
import org.sparksae.core.nn.TargetCases;
import org.sparksae.core.rows.Blocks;
import org.sparksae.core.rows.LocalPartitionSum;
import org.sparksae.core.rows.RowBlock;

/** Statistics of a model whose numbers floats hold exactly, worked by hand. */
class CodeStatisticsTest {
  /** 2 inputs; relu units x1, x2, x1 / 64 + 100 and -1; reconstruction (x1, 0). */
  private static final float[] PARAMETERS = {
    1, 0, 0, 1, 0.015625f, 0, 0, 0, 0, 0, 100, -1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  private static final AutoencoderSpec SPEC =
      new AutoencoderSpec(
          2,
          List.of(new HiddenLayer(4, Activation.RELU, Sparsity.NONE)),
          Activation.LINEAR,
          false,
          0);

  /**
   * One input, W = (1, 1) and V = (2, 3): a row x is reconstructed as 2 x by the first latent, and
   * as 5 x by both. Rows 1 and 3 of weight 1, and 7 of weight 0, have the mean 2.
   */
  @Test
  void eachNestedWidthHasItsError() {
    CodeLoss loss = new CodeLoss(null, List.of(1, 2));
    TopK form = new TopK(2, TopK.By.VALUE, loss);
    AutoencoderSpec spec =
        new AutoencoderSpec(
            1,
            List.of(new HiddenLayer(2, Activation.RELU, Sparsity.NONE, form)),
            Activation.LINEAR,
            false,
            0);
    RowBlock rows = new RowBlock(DenseRows.of(new float[] {1, 7, 3}, 3, 1), new float[] {1, 0, 1});
    float[] parameters = {1, 1, 0, 0, 2, 3, 0};
    CodeStatistics statistics = CodeStatistics.of(spec, parameters, Blocks.onePartition(rows), 0);
    assertEquals(
        List.of(new NestedFvu(1, (1 + 9) / 2.0), new NestedFvu(2, (16 + 144) / 2.0)),
        statistics.nested());
    assertEquals(80, statistics.fvu());
  }

  static Stream<Cases.Case> eachNestedWidthHasTheErrorOfTheReference() {
    Stream<Cases.Case> some = LatentCases.grid(13, 29);
    return Stream.concat(some, TargetCases.of(LatentCases.grid(13, 29), 10))
        .filter(of -> of.spec().code().form() instanceof TopK)
        .filter(of -> of.spec().code().form().loss().hasWidths());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void eachNestedWidthHasTheErrorOfTheReference(Cases.Case of) {
    Cases.Data data = Cases.random(of, 60, 1);
    double[] expected =
        new ReferenceLatents(of.spec()).fvu(data.parameters(), data.rows(), data.weights());
    RowBlock all = Blocks.block(data.rows(), data.weights(), data.rows()[0].length);
    for (RowBlock rows : List.of(all, Blocks.sparse(all))) {
      CodeStatistics statistics =
          CodeStatistics.of(
              of.spec(), Cases.floats(data.parameters()), Blocks.onePartition(rows), 0);
      double[] found = statistics.nested().stream().mapToDouble(NestedFvu::fvu).toArray();
      for (int g = 0; g < expected.length; g++) {
        assertEquals(expected[g], found[g], 1e-5 * expected[g], "width " + g);
      }
      assertEquals(found[expected.length - 1], statistics.fvu(), "the last is the whole code");
    }
  }

  /** Rows (4, 0), (0, 2), (2, 1) and (9, 9) of weights 1, 2, 1 and 0. */
  private static CodeStatistics statistics(double activationThreshold) {
    RowBlock rows =
        new RowBlock(
            DenseRows.of(new float[] {4, 0, 0, 2, 2, 1, 9, 9}, 4, 2), new float[] {1, 2, 1, 0});
    return CodeStatistics.of(SPEC, PARAMETERS, Blocks.onePartition(rows), activationThreshold);
  }

  /**
   *
   *
   * <pre>
   * unit 1 = 4, 0, 2: mean 6 / 4;  unit 2 = 0, 2, 1: mean 5 / 4
   * unit 3 = 100 + (4, 0, 2) / 64: mean 100.0234, deviation 0.026;  unit 4 = 0
   * L0 = (1 * 2 + 2 * 2 + 1 * 3) / 4;  squared error (0 + 2 * 4 + 1) / (4 * 2)
   * L1 = (104.0625 + 2 * 102 + 103.03125) / 4
   * cosines: (4, 0) of (4, 0) 1;  (0, 2) of (0, 0) 0;  (2, 1) of (2, 0) 2 / sqrt(5)
   * </pre>
   */
  @Test
  void rowsCountByTheirWeights() {
    CodeStatistics statistics = statistics(0);
    assertEquals(4, statistics.rows());
    assertEquals(4, statistics.weight());
    assertArrayEquals(
        new double[] {1.5, 1.25, 100.0234375, 0}, statistics.meanActivations().get(0));
    assertEquals(2.25, statistics.l0());
    assertArrayEquals(new int[] {3}, statistics.deadUnits());
    assertArrayEquals(new int[] {2}, statistics.constantUnits());
    assertArrayEquals(new int[] {2}, statistics.alwaysOnUnits());
    assertEquals(1.125, statistics.meanSquaredError());
    assertEquals(102.7734375, statistics.l1());
    assertEquals((1 + 2 / Math.sqrt(5)) / 4, statistics.cosine(), 1e-15);
    assertArrayEquals(new double[] {0.5, 0.75, 1, 0}, statistics.firing().shares());
    assertArrayEquals(new int[] {0, 1, 2}, statistics.denseUnits());
  }

  /** By 1.5 unit 1 is on in two rows, and unit 2 in one of weight 2; the others are 0. */
  @Test
  void whatIsBelowTheThresholdIsZero() {
    CodeStatistics statistics = statistics(1.5);
    assertArrayEquals(new double[] {1.5, 1, 100.0234375, 0}, statistics.meanActivations().get(0));
    assertEquals(2, statistics.l0());
    assertEquals((104.0625 + 2 * 102 + 102.03125) / 4, statistics.l1());
    assertEquals(1.125, statistics.meanSquaredError());
    assertArrayEquals(new int[] {0, 1, 2, 3}, statistics(200).deadUnits());
    assertArrayEquals(new int[0], statistics(200).constantUnits());
  }

  /** x1: mean 6 / 4, squares (16 + 4) / 4; x2: mean 5 / 4, squares (8 + 1) / 4. */
  @Test
  void columnsHaveTheirMomentsByTheWeights() {
    InputStatistics inputs = statistics(0).inputs();
    assertArrayEquals(new double[] {1.5, 1.25}, inputs.means());
    assertArrayEquals(new double[] {2.75, 0.6875}, inputs.variances(), 1e-15);
    assertEquals(3.4375, inputs.totalVariance(), 1e-15);
    assertEquals(Math.sqrt(3.4375 / 2), inputs.spread(), 1e-15);
    assertEquals(Math.sqrt((2.25 + 1.5625) / 2), inputs.offset(), 1e-15);
    assertEquals(9 / (4 * 3.4375), statistics(0).fvu(), 1e-12);
    assertEquals(1 - statistics(0).fvu(), statistics(0).explainedVariance());
  }

  /** More rows than a tile has, in one block or cut anywhere, dense or sparse. */
  @Test
  void partitionsBlocksAndTheFormOfRowsDoNotMatter() {
    Cases.Case of = KSparseCases.turns(9, 12, 3).skip(10).findFirst().orElseThrow();
    Cases.Data data = Cases.random(of, 2500, 7);
    float[] parameters = Cases.floats(data.parameters());
    double[] weights = data.weights().clone();
    for (int i = 0; i < weights.length; i += 5) {
      weights[i] = 0;
    }
    RowBlock all = Blocks.block(data.rows(), weights, 9);
    int[][] sizes = {{1, 2200}, {0}, {200, 99}};
    CodeStatistics one = CodeStatistics.of(of.spec(), parameters, Blocks.onePartition(all), 0);
    for (List<List<RowBlock>> cut :
        List.of(Blocks.cut(all, sizes), Blocks.sparse(Blocks.cut(all, sizes), false))) {
      CodeStatistics many = CodeStatistics.of(of.spec(), parameters, new LocalPartitionSum(cut), 0);
      assertEquals(one.fvu(), many.fvu(), 1e-6 * one.fvu());
      assertEquals(one.cosine(), many.cosine(), 1e-6);
      assertEquals(one.l1(), many.l1(), 1e-6 * one.l1());
      assertEquals(one.l0(), many.l0(), 1e-12);
      assertArrayEquals(one.firing().shares(), many.firing().shares(), 1e-12);
    }
  }

  /** A row counts once for a map, at however many positions the map is active. */
  @Test
  void aMapFiresInARowOrNot() {
    Convolution shape = new Convolution(new ImageShape(1, 1, 3), 2, 1, 1, Padding.SAME);
    AutoencoderSpec spec =
        new AutoencoderSpec(
            3,
            List.of(
                new HiddenLayer(shape, Activation.RELU, Sparsity.NONE, new TopK(2, TopK.By.VALUE))),
            Activation.LINEAR,
            true,
            0);
    // Kernels 1 and -1, biases 0.
    float[] parameters = {1, -1, 0, 0, 0};
    RowBlock rows =
        new RowBlock(DenseRows.of(new float[] {1, 2, 3, -1, 4, 0, 5, 0, 0, 1, 1, 1}, 4, 3), null);
    CodeStatistics statistics = CodeStatistics.of(spec, parameters, Blocks.onePartition(rows), 0);
    assertArrayEquals(new double[] {1, 0.25}, statistics.firing().shares());
    assertEquals((3 + 2 + 1 + 3) / 4.0, statistics.l0());
    assertEquals((6 + 5 + 5 + 3) / 4.0, statistics.l1());
  }
}

package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.nn.KSparseCases;
import org.sparksae.core.nn.PreBiasCases;
import org.sparksae.core.nn.SparseForm;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.Blocks;
import org.sparksae.core.rows.LocalPartitionSum;
import org.sparksae.core.rows.PartitionSum;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.rows.RowPermutation;
import org.sparksae.core.stats.CodeStatistics;

/** Rows given by their non-zeros are the same rows. */
class SparseInputTest {
  private static final int INPUTS = 33;
  private static final int ROWS = 100;
  private static final int[][] BLOCKS = {{31, 1}, {}, {20, 0, 11, 36}, {1}};
  private static final double TOLERANCE = 1e-6;

  static Stream<Cases.Case> models() {
    Stream<Cases.Case> dense =
        Cases.grid(INPUTS, 7, 5)
            .filter(of -> of.spec().outputActivation() == Activation.LINEAR)
            .filter(of -> of.spec().depth() <= 2)
            .filter(
                of -> {
                  Sparsity sparsity = of.spec().hiddenLayers().get(0).sparsity();
                  return sparsity.kind() == SparsityKind.KL || sparsity.kind() == SparsityKind.NONE;
                });
    return Stream.of(dense, KSparseCases.pairs(INPUTS, 29, 3), PreBiasCases.few(INPUTS, 29, 3))
        .flatMap(cases -> cases);
  }

  private static List<List<RowBlock>> partitions(Cases.Data data) {
    return Blocks.cut(Blocks.block(data.rows(), data.weights(), INPUTS), BLOCKS);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void objectiveAndGradientAreThoseOfTheDenseRows(Cases.Case of) {
    Cases.Data data = SparseForm.data(of, ROWS, 1e-5);
    float[] parameters = Cases.floats(data.parameters());
    List<List<RowBlock>> partitions = partitions(data);
    PartitionSum dense = new LocalPartitionSum(partitions);
    PartitionSum sparse = new LocalPartitionSum(Blocks.sparse(partitions, true));
    PartitionSum mixed = new LocalPartitionSum(Blocks.sparse(partitions, false));
    for (Batch batch : List.of(Batch.ALL, Batch.of(new RowPermutation(ROWS, 42, 3), 17, 50))) {
      Evaluation expected = Blocks.evaluate(of, parameters, dense, batch);
      Blocks.assertEqual(expected, Blocks.evaluate(of, parameters, sparse, batch), TOLERANCE);
      Blocks.assertEqual(expected, Blocks.evaluate(of, parameters, mixed, batch), TOLERANCE);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void statisticsAreThoseOfTheDenseRows(Cases.Case of) {
    Cases.Data data = SparseForm.data(of, ROWS, 1e-5);
    float[] parameters = Cases.floats(data.parameters());
    List<List<RowBlock>> partitions = partitions(data);
    CodeStatistics dense = statistics(of, parameters, partitions);
    for (boolean all : new boolean[] {false, true}) {
      CodeStatistics sparse = statistics(of, parameters, Blocks.sparse(partitions, all));
      assertEquals(dense.rows(), sparse.rows());
      assertEquals(dense.weight(), sparse.weight(), 1e-9);
      assertEquals(dense.l0(), sparse.l0());
      assertArrayEquals(dense.deadUnits(), sparse.deadUnits());
      assertEquals(1, sparse.meanSquaredError() / dense.meanSquaredError(), TOLERANCE);
      // 1 - it is a quotient, far from 1 of models that were not trained.
      double unexplained = 1 - dense.explainedVariance();
      assertEquals(1, (1 - sparse.explainedVariance()) / unexplained, TOLERANCE);
      for (int k = 0; k < of.spec().depth(); k++) {
        assertArrayEquals(dense.meanActivations().get(k), sparse.meanActivations().get(k), 1e-6);
      }
    }
  }

  private static CodeStatistics statistics(
      Cases.Case of, float[] parameters, List<List<RowBlock>> partitions) {
    return CodeStatistics.of(of.spec(), parameters, new LocalPartitionSum(partitions), 0);
  }

  /** Of large blocks slices are taken as they are, and not copied: another way to the tiles. */
  @Test
  void blocksLargerThanATile() {
    for (Cases.Case of :
        KSparseCases.few(INPUTS, 7, 2).filter(of -> of.spec().depth() == 1).toList()) {
      int rows = of.spec().tileRows() + 600;
      Cases.Data data = SparseForm.data(of, rows, 1e-6);
      float[] parameters = Cases.floats(data.parameters());
      RowBlock all = Blocks.block(data.rows(), data.weights(), INPUTS);
      Evaluation expected = Blocks.evaluate(of, parameters, Blocks.onePartition(all), Batch.ALL);
      List<List<RowBlock>> sparse =
          Blocks.sparse(Blocks.cut(all, new int[][] {{rows - 600, 600}}), true);
      Evaluation actual = Blocks.evaluate(of, parameters, new LocalPartitionSum(sparse), Batch.ALL);
      Blocks.assertEqual(expected, actual, TOLERANCE);
    }
  }

  @Test
  void rowsAndColumnsWithoutAnyEntry() {
    for (Cases.Case of : models().toList()) {
      RowBlock zeros = new RowBlock(DenseRows.zeros(5, INPUTS), null);
      float[] parameters = InitialParameters.of(of.spec(), 1);
      Evaluation dense = Blocks.evaluate(of, parameters, Blocks.onePartition(zeros), Batch.ALL);
      PartitionSum sparse = Blocks.onePartition(Blocks.sparse(zeros));
      Blocks.assertEqual(dense, Blocks.evaluate(of, parameters, sparse, Batch.ALL), TOLERANCE);
    }
  }
}

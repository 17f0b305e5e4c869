package org.sparksae.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.LocalPartitionSum;
import org.sparksae.core.rows.PartitionSum;
import org.sparksae.core.rows.RowPermutation;
import org.sparksae.core.train.Evaluation;
import org.sparksae.core.train.GradientSource;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.data.FeatureColumns;
import org.sparksae.spark.data.RowStore;
import org.sparksae.spark.data.Stored;

@ExtendWith(LocalSpark.class)
class TreeSumTest {
  private static final int INPUTS = 12;
  private static final float[][] ROWS = TestFrames.rows(1100, INPUTS, 1);

  private static RowStore even;
  private static RowStore uneven;

  @BeforeAll
  static void read() {
    even = blocked(550, 550);
    uneven = blocked(0, 3, 700, 0, 1, 396, 0);
  }

  @AfterAll
  static void close() {
    even.close();
    uneven.close();
  }

  static Stream<Arguments> penalties() {
    return Stream.of(SparsityKind.values())
        .filter(kind -> !kind.isOfThresholds())
        .flatMap(
            kind ->
                kind.hasTarget()
                    ? Stream.of(SparsityScope.values()).map(scope -> Arguments.of(kind, scope))
                    : Stream.of(Arguments.of(kind, SparsityScope.UNIT)));
  }

  @ParameterizedTest
  @MethodSource("penalties")
  void sevenUnevenPartitionsGiveTheObjectiveAndGradientOfOne(
      SparsityKind kind, SparsityScope scope) {
    AutoencoderSpec spec = spec(new Sparsity(kind, scope, 0.7, 0.2));
    float[] parameters = InitialParameters.of(spec, 5);
    Evaluation one = evaluate(spec, inOnePartition(), parameters, Batch.ALL);
    Evaluation seven = evaluate(spec, new TreeSum(uneven, 2), parameters, Batch.ALL);
    assertEquals(7, uneven.partitions());
    assertEquals(ROWS.length, seven.rows());
    for (String term : one.terms().names()) {
      double value = one.terms().get(term);
      assertEquals(value, seven.terms().get(term), 1e-6 * Math.abs(value), term);
    }
    assertTrue(one.terms().get("sparsity1") > 0 == (kind != SparsityKind.NONE));
    assertClose(one.gradient(), seven.gradient(), 1e-6);
  }

  @Test
  void aMiniBatchIsTheSameRowsInAnyPartitions() {
    AutoencoderSpec spec = klSpec();
    float[] parameters = InitialParameters.of(spec, 5);
    Batch batch = Batch.of(new RowPermutation(ROWS.length, 3, 1), 200, 350);
    Evaluation one = evaluate(spec, inOnePartition(), parameters, batch);
    Evaluation seven = evaluate(spec, new TreeSum(uneven, 2), parameters, batch);
    assertEquals(150, one.rows());
    assertEquals(150, seven.rows());
    assertEquals(one.terms().total(), seven.terms().total(), 1e-6 * one.terms().total());
    assertClose(one.gradient(), seven.gradient(), 1e-6);
  }

  @Test
  void depthOneIsTheSparkFreeSumBitForBit() {
    AutoencoderSpec spec = klSpec();
    float[] parameters = InitialParameters.of(spec, 5);
    PartitionSum sparkFree = new LocalPartitionSum(Stored.blocks(uneven).glom().collect());
    Evaluation local = evaluate(spec, sparkFree, parameters, Batch.ALL);
    Evaluation tree = evaluate(spec, new TreeSum(uneven, 1), parameters, Batch.ALL);
    assertArrayEquals(local.terms().values(), tree.terms().values());
    assertArrayEquals(local.gradient(), tree.gradient());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void deeperTreesAgreeAndRepeatTheirBits(int depth) {
    AutoencoderSpec spec = klSpec();
    float[] parameters = InitialParameters.of(spec, 5);
    try (RowStore data = thirteenPartitions()) {
      assertEquals(13, data.partitions());
      Evaluation flat = evaluate(spec, new TreeSum(data, 1), parameters, Batch.ALL);
      TreeSum tree = new TreeSum(data, depth);
      Evaluation deep = evaluate(spec, tree, parameters, Batch.ALL);
      assertEquals(flat.rows(), deep.rows());
      // Only the order of additions in double differs.
      assertEquals(flat.terms().total(), deep.terms().total(), 1e-14 * flat.terms().total());
      assertClose(flat.gradient(), deep.gradient(), 1e-14);
      for (int repetition = 0; repetition < 3; repetition++) {
        Evaluation again = evaluate(spec, tree, parameters, Batch.ALL);
        assertArrayEquals(deep.gradient(), again.gradient());
      }
    }
  }

  @Test
  void parametersMayChangeBetweenSums() {
    AutoencoderSpec spec = klSpec();
    float[] parameters = InitialParameters.of(spec, 5);
    TreeSum tree = new TreeSum(even, 2);
    double before = evaluate(spec, tree, parameters, Batch.ALL).terms().total();
    float[] other = InitialParameters.of(spec, 6);
    double between = evaluate(spec, tree, other, Batch.ALL).terms().total();
    double after = evaluate(spec, tree, parameters, Batch.ALL).terms().total();
    assertTrue(before != between);
    assertEquals(before, after);
  }

  private static AutoencoderSpec klSpec() {
    return spec(new Sparsity(SparsityKind.KL, SparsityScope.UNIT, 0.7, 0.2));
  }

  private static AutoencoderSpec spec(Sparsity sparsity) {
    return new AutoencoderSpec(
        INPUTS,
        List.of(
            new HiddenLayer(8, Activation.SIGMOID, sparsity),
            new HiddenLayer(5, Activation.SIGMOID, sparsity)),
        Activation.LINEAR,
        false,
        1e-3);
  }

  /** A job costs more than a product, so a mini-batch computes both phases in one job. */
  @Test
  void aMiniBatchIsOneJobAndAllRowsAreTwo() {
    AutoencoderSpec deep = klSpec();
    AutoencoderSpec spec =
        new AutoencoderSpec(
            INPUTS, deep.hiddenLayers().subList(0, 1), Activation.LINEAR, false, 1e-3);
    float[] parameters = InitialParameters.of(spec, 5);
    Batch batch = Batch.of(new RowPermutation(ROWS.length, 3, 1), 200, 350);
    assertEquals(1, jobs("mini", spec, parameters, batch));
    assertEquals(2, jobs("all", spec, parameters, Batch.ALL));
  }

  private static int jobs(String group, AutoencoderSpec spec, float[] parameters, Batch batch) {
    SparkContext context = LocalSpark.session().sparkContext();
    context.setJobGroup(group, group, false);
    try {
      evaluate(spec, new TreeSum(uneven, 2), parameters, batch);
      return context.statusTracker().getJobIdsForGroup(group).length;
    } finally {
      context.clearJobGroup();
    }
  }

  private static RowStore blocked(int... sizes) {
    return blocked(0, sizes);
  }

  private static RowStore blocked(int partitions, int[] sizes) {
    return RowStore.read(
        TestFrames.frame(InputType.DENSE_VECTOR, TestFrames.splitBySize(ROWS, sizes)),
        FeatureColumns.of(FeatureColumn.ofSize(TestFrames.FEATURES, INPUTS)),
        "",
        512,
        false,
        partitions);
  }

  /** The partitions stay if exactly their number is asked for. */
  private static RowStore thirteenPartitions() {
    int[] sizes = {80, 80, 0, 100, 200, 40, 100, 100, 0, 100, 100, 100, 100};
    return blocked(sizes.length, sizes);
  }

  private static PartitionSum inOnePartition() {
    return new LocalPartitionSum(List.of(Stored.blocks(even).collect()));
  }

  private static Evaluation evaluate(
      AutoencoderSpec spec, PartitionSum data, float[] parameters, Batch batch) {
    return new GradientSource(spec, data).evaluate(parameters, batch);
  }

  /** {@code |expected - actual| <= tolerance |expected|}, in the Euclidean norm. */
  private static void assertClose(double[] expected, double[] actual, double tolerance) {
    double norm = 0;
    double distance = 0;
    for (int i = 0; i < expected.length; i++) {
      norm += expected[i] * expected[i];
      distance += (expected[i] - actual[i]) * (expected[i] - actual[i]);
    }
    assertTrue(
        Math.sqrt(distance) <= tolerance * Math.sqrt(norm),
        "relative distance " + Math.sqrt(distance / norm));
  }
}

package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.train.Evaluation;
import org.sparksae.core.train.GradientSource;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.data.FeatureColumns;
import org.sparksae.spark.data.RowStore;
import org.sparksae.spark.data.Stored;
import org.sparksae.spark.exchange.TreeSum;
import org.sparksae.spark.ml.param.SpecBuilder;

/** Wide rows of few non-zeros, as SparseVectors and as DenseVectors, are the same rows. */
@ExtendWith(LocalSpark.class)
class SparseInputFitTest {
  private static final int COLUMNS = 300;
  private static final int N = 120;
  private static final int FIRST = 50;
  private static final StructType SCHEMA =
      new StructType()
          .add(TestFrames.FEATURES, InputType.SPARSE_VECTOR.type())
          .add("weight", DataTypes.IntegerType);
  private static final List<SparseVector> ROWS = rows(true);

  /**
   * For k-sparse codes and adam: its first step moves each bias by stepSize up or down, so the
   * units of an empty row, which are the biases, have equal magnitudes except for rounding.
   */
  private static final List<SparseVector> NONE_EMPTY = rows(false);

  /** 2 to 5 % of the columns; every tenth row may have none, every fourth stores a zero. */
  private static List<SparseVector> rows(boolean someEmpty) {
    SplittableRandom random = new SplittableRandom(3);
    List<SparseVector> rows = new ArrayList<>();
    for (int i = 0; i < N; i++) {
      int entries = someEmpty && i % 10 == 9 ? 0 : random.nextInt(6, 16);
      int[] columns = random.ints(0, COLUMNS).distinct().limit(entries).sorted().toArray();
      double[] values = random.doubles(entries, 0.5, 1.5).toArray();
      if (i % 4 == 0) {
        values[entries / 2] = 0;
      }
      rows.add((SparseVector) Vectors.sparse(COLUMNS, columns, values));
    }
    return rows;
  }

  /** The rows in partitions that end at these rows, each in the form that its index asks for. */
  private static Dataset<Row> frame(IntFunction<Vector> form, int... ends) {
    List<List<Row>> partitions = new ArrayList<>();
    int next = 0;
    for (int end : ends) {
      partitions.add(new ArrayList<>());
      for (; next < end; next++) {
        partitions.get(partitions.size() - 1).add(RowFactory.create(form.apply(next), next % 3));
      }
    }
    return TestFrames.frame(SCHEMA, partitions);
  }

  private static Dataset<Row> sparse(List<SparseVector> rows) {
    return frame(rows::get, FIRST, FIRST, N);
  }

  private static Dataset<Row> dense(List<SparseVector> rows) {
    return frame(i -> rows.get(i).toDense(), FIRST, FIRST, N);
  }

  private static List<SparseVector> rowsFor(SparseAutoencoder estimator) {
    boolean kSparse = estimator.isDefined(estimator.k());
    return kSparse && estimator.getSolver().equals("adam") ? NONE_EMPTY : ROWS;
  }

  private static SparseAutoencoder estimator(String code, String solver) {
    SparseAutoencoder estimator =
        Fixtures.estimator()
            .setHiddenLayers(24)
            .setSolver(solver)
            .setReconstructionCol("reconstruction")
            .setReconstructionErrorCol("error");
    return code.equals("kl") ? estimator : estimator.setK(3);
  }

  /** Relative to their Euclidean norm, because Adam magnifies gradients that are nearly 0. */
  private static void assertClose(float[] expected, float[] actual) {
    double squares = 0;
    double squaredDistance = 0;
    for (int i = 0; i < expected.length; i++) {
      squares += (double) expected[i] * expected[i];
      squaredDistance += Math.pow((double) actual[i] - expected[i], 2);
    }
    assertEquals(0, Math.sqrt(squaredDistance / squares), 1e-5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"kl", "k-sparse"})
  void theGradientIsThatOfDenseVectors(String code) {
    AutoencoderSpec spec = SpecBuilder.build(estimator(code, "l-bfgs"), COLUMNS, 0);
    float[] parameters = InitialParameters.of(spec, 5);
    for (String weightCol : List.of("", "weight")) {
      Evaluation dense = evaluate(spec, parameters, dense(ROWS), weightCol);
      Evaluation sparse = evaluate(spec, parameters, sparse(ROWS), weightCol);
      assertEquals(dense.terms().total(), sparse.terms().total(), 1e-6 * dense.terms().total());
      double largest = Arrays.stream(dense.gradient()).map(Math::abs).max().orElseThrow();
      assertArrayEquals(dense.gradient(), sparse.gradient(), 1e-6 * largest);
    }
  }

  private static Evaluation evaluate(
      AutoencoderSpec spec, float[] parameters, Dataset<Row> frame, String weightCol) {
    FeatureColumn column = FeatureColumn.ofSize(TestFrames.FEATURES, COLUMNS);
    try (RowStore rows =
        RowStore.read(frame, FeatureColumns.of(column), weightCol, 512, false, 0)) {
      return new GradientSource(spec, new TreeSum(rows, 2)).evaluate(parameters, Batch.ALL);
    }
  }

  @ParameterizedTest
  @CsvSource({"kl, l-bfgs", "kl, adam", "k-sparse, l-bfgs", "k-sparse, adam"})
  void sparseVectorsGiveTheFitOfDenseOnes(String code, String solver) {
    SparseAutoencoder estimator = estimator(code, solver);
    List<SparseVector> rows = rowsFor(estimator);
    SparseAutoencoderModel dense = estimator.fit(dense(rows));
    SparseAutoencoderModel sparse = estimator.fit(sparse(rows));
    double[] objectives = dense.summary().objectiveHistory();
    assertTrue(objectives[2] < objectives[0], Arrays.toString(objectives));
    assertClose(dense.parameters(), sparse.parameters());
    assertArrayEquals(
        objectives, sparse.summary().objectiveHistory(), 1e-5 * Math.abs(objectives[0]));
    assertEquals(dense.summary().statistics().l0(), sparse.summary().statistics().l0(), 1e-12);
    assertEquals(
        dense.summary().statistics().explainedVariance(),
        sparse.summary().statistics().explainedVariance(),
        1e-5);
    assertTransformsAlike(dense, rows);
  }

  private static void assertTransformsAlike(SparseAutoencoderModel model, List<SparseVector> rows) {
    List<Row> dense = model.transform(dense(rows)).collectAsList();
    List<Row> sparse = model.transform(sparse(rows)).collectAsList();
    assertEquals(N, sparse.size());
    for (int i = 0; i < N; i++) {
      SparseVector code = (SparseVector) dense.get(i).getAs("code");
      SparseVector other = (SparseVector) sparse.get(i).getAs("code");
      assertArrayEquals(code.indices(), other.indices(), "row " + i);
      assertArrayEquals(code.values(), other.values(), 1e-6, "row " + i);
      assertArrayEquals(
          dense.get(i).<Vector>getAs("reconstruction").toArray(),
          sparse.get(i).<Vector>getAs("reconstruction").toArray(),
          1e-6);
      double error = dense.get(i).getAs("error");
      assertEquals(error, sparse.get(i).<Double>getAs("error"), 1e-6 * Math.max(1, error));
      assertEquals(rows.get(i), sparse.get(i).getAs(TestFrames.FEATURES));
    }
  }

  /** One DenseVector makes the block of its rows dense: the very numbers of dense input. */
  @ParameterizedTest
  @CsvSource({"kl, l-bfgs", "k-sparse, adam"})
  void aColumnMayHaveBothForms(String code, String solver) {
    SparseAutoencoder estimator = estimator(code, solver);
    List<SparseVector> rows = rowsFor(estimator);
    IntFunction<Vector> alternating = i -> i % 2 == 0 ? rows.get(i) : rows.get(i).toDense();
    Dataset<Row> mixed = frame(alternating, FIRST, FIRST, N);
    SparseAutoencoderModel model = estimator.fit(dense(rows));
    assertArrayEquals(model.parameters(), estimator.fit(mixed).parameters());
    assertEquals(
        model.transform(dense(rows)).select("code", "error").collectAsList(),
        model.transform(mixed).select("code", "error").collectAsList());

    IntFunction<Vector> byPartition = i -> i < FIRST ? rows.get(i) : rows.get(i).toDense();
    Dataset<Row> halves = frame(byPartition, FIRST, FIRST, N);
    assertClose(model.parameters(), estimator.fit(halves).parameters());
  }

  @ParameterizedTest
  @CsvSource({"kl, adam", "k-sparse, l-bfgs"})
  void rowsMayHaveWeights(String code, String solver) {
    SparseAutoencoder estimator = estimator(code, solver);
    List<SparseVector> rows = rowsFor(estimator);
    float[] plain = estimator.fit(sparse(rows)).parameters();
    SparseAutoencoderModel weighted = estimator.setWeightCol("weight").fit(sparse(rows));
    assertEquals(N, weighted.summary().statistics().weight());
    assertClose(estimator.fit(dense(rows)).parameters(), weighted.parameters());
    double difference = 0;
    for (int i = 0; i < plain.length; i++) {
      difference = Math.max(difference, Math.abs(plain[i] - weighted.parameters()[i]));
    }
    assertTrue(difference > 1e-3, "weights make a difference of " + difference);
  }

  @ParameterizedTest
  @CsvSource({"kl, l-bfgs", "k-sparse, adam"})
  void partitionsMakeNoDifference(String code, String solver) {
    SparseAutoencoder estimator = estimator(code, solver);
    List<SparseVector> rows = rowsFor(estimator);
    float[] two = estimator.fit(frame(rows::get, FIRST, N)).parameters();
    float[] five = estimator.fit(frame(rows::get, 1, 40, 40, 100, N)).parameters();
    assertClose(two, five);
  }

  /** The remaining rows are the same ones in the same places, so the bits are equal, too. */
  @ParameterizedTest
  @CsvSource({"kl, l-bfgs, ''", "k-sparse, adam, weight"})
  void invalidRowsAreLeftOut(String code, String solver, String weightCol) {
    SparseAutoencoder estimator =
        estimator(code, solver).setHandleInvalid("skip").setWeightCol(weightCol);
    SparseAutoencoderModel clean = estimator.fit(sparse(ROWS));
    List<Row> invalid = new ArrayList<>();
    int[] columns = {2, 299};
    invalid.add(RowFactory.create(Vectors.sparse(COLUMNS, columns, new double[] {1, 0. / 0}), 1));
    invalid.add(RowFactory.create(Vectors.sparse(COLUMNS, columns, new double[] {1e300, 1}), 1));
    invalid.add(RowFactory.create(Vectors.sparse(COLUMNS + 1, columns, new double[] {1, 1}), 1));
    invalid.add(RowFactory.create(null, 1));
    if (!weightCol.isEmpty()) {
      invalid.add(RowFactory.create(ROWS.get(0), -1));
      invalid.add(RowFactory.create(ROWS.get(0), null));
    }
    List<List<Row>> partitions = new ArrayList<>();
    for (int part = 0; part < 3; part++) {
      partitions.add(new ArrayList<>());
    }
    for (int i = 0; i < N; i++) {
      List<Row> part = partitions.get(i < FIRST ? 0 : 2);
      if (i % 20 == 3) {
        part.addAll(invalid);
      }
      part.add(RowFactory.create(ROWS.get(i), i % 3));
    }
    Dataset<Row> frame = TestFrames.frame(SCHEMA, partitions);
    SparseAutoencoderModel model = estimator.fit(frame);
    assertArrayEquals(clean.parameters(), model.parameters());
    assertEquals(N, model.summary().statistics().rows());
    assertEquals(6L * invalid.size(), model.summary().skippedRows());
    Dataset<Row> weighted = frame.filter("weight >= 0");
    assertEquals(
        clean.transform(sparse(ROWS)).select("code", "error").collectAsList(),
        model.transform(weighted).select("code", "error").collectAsList());
  }

  @Test
  void blocksAreSparseUpToAnEighthOfTheValues() {
    for (Rows rows : blocks(frame(ROWS::get, FIRST, FIRST, N))) {
      SparseRows block = assertInstanceOf(SparseRows.class, rows);
      for (int p = block.start(0); p < block.start(0) + block.entries(); p++) {
        assertTrue(block.values()[p] != 0, "a zero is stored");
      }
    }
    int columns = COLUMNS / 8;
    IntFunction<Vector> eighth = i -> filled(columns + (i % 2 == 0 ? -1 : 1));
    blocks(frame(eighth, FIRST, N)).forEach(rows -> assertInstanceOf(SparseRows.class, rows));
    IntFunction<Vector> more = i -> filled(i < FIRST ? columns : columns + 1);
    List<Rows> both = blocks(frame(more, FIRST, N));
    assertInstanceOf(SparseRows.class, both.get(0));
    assertInstanceOf(DenseRows.class, both.get(1));
  }

  private static Vector filled(int entries) {
    int[] columns = new int[entries];
    Arrays.setAll(columns, j -> 2 * j);
    double[] values = new double[entries];
    Arrays.fill(values, 1);
    return Vectors.sparse(COLUMNS, columns, values);
  }

  private static List<Rows> blocks(Dataset<Row> frame) {
    FeatureColumn column = FeatureColumn.of(frame, "inputCol", TestFrames.FEATURES);
    try (RowStore blocked = RowStore.read(frame, FeatureColumns.of(column), "", 512, false, 0)) {
      List<Rows> rows = new ArrayList<>();
      Stored.blocks(blocked).collect().forEach(block -> rows.add(block.rows()));
      assertEquals(2, rows.size());
      return rows;
    }
  }
}

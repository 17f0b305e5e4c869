package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.train.Evaluation;
import org.sparksae.core.train.GradientSource;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.core.train.StopReason;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.data.FeatureColumns;
import org.sparksae.spark.data.RowStore;
import org.sparksae.spark.exchange.TreeSum;
import org.sparksae.spark.ml.param.SpecBuilder;

/** Rows that weigh more than one, and rows that are held out for validation. */
@ExtendWith(LocalSpark.class)
class RowRolesTest {
  private static final float[][] ROWS = TestFrames.rows(30, 6, 8);

  @ParameterizedTest
  @EnumSource(
      value = SparsityKind.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"L0", "TARGET_L0", "TANH"})
  void aRowOfWeightTwoIsTheRowTwiceAndOneOfWeightZeroIsNone(SparsityKind kind) {
    List<Integer> weights = IntStream.range(0, ROWS.length).mapToObj(i -> i % 3).toList();
    List<float[]> repeated = new ArrayList<>();
    for (int i = 0; i < ROWS.length; i++) {
      for (int copy = 0; copy < weights.get(i); copy++) {
        repeated.add(ROWS[i]);
      }
    }
    AutoencoderSpec spec =
        SpecBuilder.build(Fixtures.estimator().setSparsity(kind.paramName()), 6, 0);
    float[] parameters = InitialParameters.of(spec, 3);
    Evaluation weighted =
        evaluate(spec, parameters, withColumn("weight", DataTypes.IntegerType, weights), "weight");
    Evaluation twice =
        evaluate(spec, parameters, TestFrames.frame(repeated.toArray(float[][]::new), 2), "");
    assertEquals(30, weighted.rows());
    assertEquals(30, twice.rows());
    for (String term : twice.terms().names()) {
      double value = twice.terms().get(term);
      assertEquals(value, weighted.terms().get(term), 1e-6 * Math.abs(value), term);
    }
    double largest = Arrays.stream(twice.gradient()).map(Math::abs).max().orElseThrow();
    assertArrayEquals(twice.gradient(), weighted.gradient(), 1e-6 * largest);
  }

  private static Evaluation evaluate(
      AutoencoderSpec spec, float[] parameters, Dataset<Row> frame, String weightCol) {
    FeatureColumn column = FeatureColumn.ofSize("features", 6);
    try (RowStore rows =
        RowStore.read(frame, FeatureColumns.of(column), weightCol, 512, false, 0)) {
      return new GradientSource(spec, new TreeSum(rows, 2)).evaluate(parameters, Batch.ALL);
    }
  }

  @Test
  void weightOneIsNoWeight() {
    Dataset<Row> weighted = withColumn("weight", DataTypes.FloatType, constant(1f));
    SparseAutoencoder estimator = Fixtures.estimator();
    float[] without = estimator.fit(TestFrames.frame(ROWS, 2)).parameters();
    assertArrayEquals(without, estimator.setWeightCol("weight").fit(weighted).parameters());
  }

  @Test
  void statisticsAreWeighted() {
    List<Double> weights = new ArrayList<>(constant(0.0));
    weights.set(4, 2.5);
    SparseAutoencoderModel model =
        Fixtures.estimator()
            .setWeightCol("weight")
            .fit(withColumn("weight", DataTypes.DoubleType, weights));
    assertEquals(2.5, model.summary().statistics().weight());
    assertEquals(30, model.summary().statistics().rows());
    double[] onlyRow =
        model
            .transform(TestFrames.frame(new float[][] {ROWS[4]}, 1))
            .head()
            .<Vector>getAs("code")
            .toArray();
    assertArrayEquals(onlyRow, model.summary().statistics().meanActivations().get(0), 1e-7);
  }

  /**
   * Training rows are (1, 1), validation rows (0, 0). A linear model starts with biases of 0 and so
   * reconstructs (0, 0) perfectly; each small step of Adam raises the decoder's biases towards 1,
   * and with them the validation error. So the first epoch is the best, and five more are borne.
   */
  @Test
  void stopsEarlyAndGivesTheBestIteration() {
    List<List<Row>> partitions = List.of(new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < 20; i++) {
      boolean held = i % 4 == 0;
      double value = held ? 0 : 1;
      partitions.get(i % 2).add(RowFactory.create(Vectors.dense(value, value), held ? true : null));
    }
    StructType schema =
        new StructType()
            .add("features", InputType.DENSE_VECTOR.type())
            .add("held.out", DataTypes.BooleanType);
    Dataset<Row> frame = TestFrames.frame(schema, partitions);
    SparseAutoencoder estimator =
        Fixtures.estimator()
            .setSolver("adam")
            .setHiddenLayers(2)
            .setActivation("linear")
            .setSparsity("none")
            .setRegParam(0)
            .setStepSize(0.01)
            .setBatchSize(100)
            .setMaxIter(50)
            .setValidationIndicatorCol("held.out");
    SparseAutoencoderModel model = estimator.fit(frame);
    SparseAutoencoderTrainingSummary summary = model.summary();
    assertEquals(StopReason.EARLY_STOPPING, summary.stopReason());
    assertEquals(6, summary.totalIterations());
    double[] validation =
        summary.history().stream().mapToDouble(IterationRecord::validationObjective).toArray();
    for (int iteration = 1; iteration < validation.length; iteration++) {
      assertTrue(validation[iteration] > validation[iteration - 1], Arrays.toString(validation));
    }
    assertEquals(15, summary.statistics().rows());
    assertArrayEquals(estimator.setMaxIter(1).fit(frame).parameters(), model.parameters());
  }

  @Test
  void withoutValidationRowsAllIterationsAreMade() {
    SparseAutoencoder estimator = Fixtures.estimator();
    float[] without = estimator.fit(TestFrames.frame(ROWS, 2)).parameters();
    SparseAutoencoderModel model =
        estimator
            .setValidationIndicatorCol("held")
            .fit(withColumn("held", DataTypes.BooleanType, constant(false)));
    assertArrayEquals(without, model.parameters());
    assertTrue(Double.isNaN(model.summary().history().get(0).validationObjective()));
  }

  @Test
  void rowsThatAreAllForValidationLeaveNoneToTrainOn() {
    assertEquals(
        "validationIndicatorCol: column 'held' is true in each of the 30 valid rows, so there is none"
            + " to train on; set it to false in some",
        refusal(
            Fixtures.estimator().setValidationIndicatorCol("held"),
            withColumn("held", DataTypes.BooleanType, constant(true))));
  }

  /** Rows 0 and 1 are invalid; the first is for validation. */
  @Test
  void skippedRowsAreThoseForTrainingAndForValidation() {
    SparseAutoencoder estimator =
        Fixtures.estimator()
            .setMaxIter(1)
            .setHandleInvalid("skip")
            .setWeightCol("weight")
            .setValidationIndicatorCol("held");
    SparseAutoencoderTrainingSummary summary = estimator.fit(withInvalidRows(0, 2)).summary();
    assertEquals(2, summary.skippedRows());
    assertEquals(27, summary.statistics().rows());
    assertEquals(
        "validationIndicatorCol: each of the 1 rows that column 'held' selects is invalid, so"
            + " training could not stop early; mend them, or unset validationIndicatorCol",
        refusal(estimator, withInvalidRows(0)));
  }

  /** Rows of which 0 and 1 have invalid weights. */
  private static Dataset<Row> withInvalidRows(Integer... held) {
    List<List<Row>> partitions = List.of(new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < ROWS.length; i++) {
      Vector row = (Vector) InputType.DENSE_VECTOR.form(ROWS[i]);
      double weight = i < 2 ? -1 : 1;
      partitions.get(i % 2).add(RowFactory.create(row, weight, List.of(held).contains(i)));
    }
    StructType schema =
        new StructType()
            .add("features", InputType.DENSE_VECTOR.type())
            .add("weight", DataTypes.DoubleType)
            .add("held", DataTypes.BooleanType);
    return TestFrames.frame(schema, partitions);
  }

  @Test
  void columnsOfAnotherTypeAreRefused() {
    Dataset<Row> frame = withColumn("text", DataTypes.StringType, constant("1"));
    assertEquals(
        "weightCol: column 'text' must be numeric, but it is string",
        refusal(Fixtures.estimator().setWeightCol("text"), frame));
    assertEquals(
        "validationIndicatorCol: column 'text' must be boolean, but it is string",
        refusal(Fixtures.estimator().setValidationIndicatorCol("text"), frame));
    assertEquals(
        "weightCol: there is no column 'none'; the columns are features, text",
        refusal(Fixtures.estimator().setWeightCol("none"), frame));
  }

  private static String refusal(SparseAutoencoder estimator, Dataset<Row> frame) {
    return assertThrows(IllegalArgumentException.class, () -> estimator.fit(frame)).getMessage();
  }

  private static <T> List<T> constant(T value) {
    return IntStream.range(0, ROWS.length).mapToObj(i -> value).toList();
  }

  /** {@link #ROWS} in two partitions, with a second column. */
  private static Dataset<Row> withColumn(String name, DataType type, List<?> values) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS.length; i++) {
      rows.add(RowFactory.create(InputType.DENSE_VECTOR.form(ROWS[i]), values.get(i)));
    }
    return TestFrames.frame(
        new StructType().add("features", InputType.DENSE_VECTOR.type()).add(name, type),
        List.of(rows.subList(0, 15), rows.subList(15, 30)));
  }
}

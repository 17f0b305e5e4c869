package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/** One row, the second of the second partition, is not valid. */
@ExtendWith(LocalSpark.class)
class InvalidRowsTest {
  private static final float[][] ROWS = TestFrames.rows(12, 2, 6);
  private static final double NAN = Double.NaN;
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  static Stream<Arguments> invalid() {
    return Stream.of(
        Arguments.of(InputType.DENSE_VECTOR, null, "is null"),
        Arguments.of(InputType.NULLABLE_FLOATS, null, "is null"),
        Arguments.of(InputType.NULLABLE_FLOATS, new Float[] {1f, null}, "has a null at index 1"),
        Arguments.of(InputType.NULLABLE_DOUBLES, new Double[] {null, 1.0}, "has a null at index 0"),
        Arguments.of(InputType.DENSE_VECTOR, Vectors.dense(NAN, 1), notFinite(0, "NaN")),
        Arguments.of(
            InputType.SPARSE_VECTOR,
            Vectors.sparse(2, new int[] {1}, new double[] {-INFINITY}),
            notFinite(1, "-Infinity")),
        Arguments.of(InputType.FLOATS, new Float[] {1f, Float.NaN}, notFinite(1, "NaN")),
        Arguments.of(InputType.DOUBLES, new double[] {INFINITY, 0}, notFinite(0, "Infinity")),
        Arguments.of(InputType.DOUBLES, new double[] {0, 1e300}, notFinite(1, "1.0E300")),
        Arguments.of(InputType.DENSE_VECTOR, Vectors.dense(-1e300, 0), notFinite(0, "-1.0E300")),
        Arguments.of(InputType.DENSE_VECTOR, Vectors.dense(1, 2, 3), "has 3 values, expected 2"),
        Arguments.of(
            InputType.SPARSE_VECTOR,
            Vectors.sparse(1, new int[0], new double[0]),
            "has 1 values, expected 2"),
        Arguments.of(InputType.FLOATS, new Float[0], "has 0 values, expected 2"));
  }

  private static String notFinite(int index, String value) {
    return "has %s at index %d".formatted(value, index);
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void errorNamesColumnRowAndRuleAndSkipLeavesTheRowOut(
      InputType type, Object value, String problem) {
    Dataset<Row> frame = withRow(type, value);
    SparseAutoencoder estimator = Fixtures.estimator().setMaxIter(1);
    String refused =
        assertThrows(IllegalArgumentException.class, () -> estimator.fit(frame)).getMessage();
    assertContains(refused, "column 'features': row 1 of partition 1 " + problem);
    assertContains(refused, "set handleInvalid to 'skip'");

    SparseAutoencoderModel model = estimator.setHandleInvalid("skip").fit(frame);
    assertEquals(1, model.summary().skippedRows());
    assertEquals(12, model.summary().statistics().rows());
    SparseAutoencoderModel valid = estimator.fit(TestFrames.frame(ROWS, 2));
    assertArrayEquals(valid.parameters(), model.parameters());
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void transformRefusesOrSkipsTheSameRows(InputType type, Object value, String problem) {
    Dataset<Row> frame = withRow(type, value);
    SparseAutoencoderModel model = Fixtures.handModel("hand");
    Exception failed = assertThrows(Exception.class, () -> model.transform(frame).collect());
    String refused = Fixtures.cause(IllegalArgumentException.class, failed).getMessage();
    assertContains(refused, "inputCol: a row of column 'features' " + problem);
    assertContains(refused, "set handleInvalid to 'skip'");
    assertEquals(
        codes(model.transform(TestFrames.frame(ROWS, 2))),
        codes(model.setHandleInvalid("skip").transform(frame)));
  }

  @Test
  void whatIsWrongWithARowIsTheFirstLineOfTheError() {
    Dataset<Row> frame = withRow(InputType.DENSE_VECTOR, Vectors.dense(1, 2, 3));
    String sentence = "a row of column 'features' has 3 values, expected 2; ";
    SparseAutoencoderModel model = Fixtures.handModel("hand");
    assertFirstLine("inputCol: " + sentence, () -> model.transform(frame).collect());
    PatchScalingModel scaling =
        new PatchScalingModel("scaling", 2, 1, 0, 1).setInputCol("features").setOutputCol("out");
    assertFirstLine("inputCol: " + sentence, () -> scaling.transform(frame).count());
    PipelineStage[] stages = {scaling, Fixtures.estimator().setInputCol("out")};
    assertFirstLine("inputCol: " + sentence, () -> new Pipeline().setStages(stages).fit(frame));
    ReconstructionEvaluator evaluator =
        new ReconstructionEvaluator().setInputCol("features").setReconstructionCol("features");
    assertFirstLine(
        "a row of column 'features' has 3 values, expected 2", () -> evaluator.evaluate(frame));
    assertFirstLine(
        "column 'features': row 1 of partition 1 has 3 values, expected 2, as 12 of the first 13 rows have; ",
        () -> Fixtures.estimator().fit(frame));
  }

  /** What Spark 3.5 wraps in its own sentence, as it does with every error of a task. */
  private static void assertFirstLine(String expected, Executable action) {
    Exception thrown = assertThrows(Exception.class, action);
    Throwable shown =
        LocalSpark.session().version().startsWith("3.")
            ? Fixtures.cause(IllegalArgumentException.class, thrown)
            : thrown;
    assertTrue(shown.getMessage().startsWith(expected), shown.getMessage());
    assertFalse(shown.getMessage().contains("\n"), shown.getMessage());
  }

  private static List<Object> codes(Dataset<Row> encoded) {
    return encoded.select("code").collectAsList().stream().map(row -> row.get(0)).toList();
  }

  private static Dataset<Row> withRow(InputType type, Object value) {
    List<List<Row>> partitions = new ArrayList<>();
    for (float[][] rows : TestFrames.split(ROWS, 2)) {
      partitions.add(new ArrayList<>());
      for (float[] row : rows) {
        partitions.get(partitions.size() - 1).add(RowFactory.create(type.form(row)));
      }
    }
    partitions.get(1).add(1, RowFactory.create(new Object[] {value}));
    return TestFrames.frame(new StructType().add("features", type.type()), partitions);
  }

  @Test
  void aFrameWithoutRowsIsRefused() {
    Dataset<Row> empty = TestFrames.frame(new float[0][2], 1);
    assertEquals(
        "inputCol: column 'features' has no row that is not null; training needs at least one",
        assertThrows(IllegalArgumentException.class, () -> Fixtures.estimator().fit(empty))
            .getMessage());
    assertEquals(0, Fixtures.handModel("hand").transform(empty).count());
  }

  @Test
  void aFrameWithoutAValidRowIsRefused() {
    float[][] rows = new float[5][2];
    for (float[] row : rows) {
      row[1] = Float.NaN;
    }
    Dataset<Row> frame = TestFrames.frame(rows, 2);
    SparseAutoencoder estimator = Fixtures.estimator().setHandleInvalid("skip");
    assertEquals(
        "inputCol: column 'features' has no valid row to train on (5 were skipped)",
        assertThrows(IllegalArgumentException.class, () -> estimator.fit(frame)).getMessage());
    SparseAutoencoderModel model = Fixtures.handModel("hand").setHandleInvalid("skip");
    assertEquals(0, model.transform(frame).count());
  }

  @Test
  void rowsWithoutValuesAreRefused() {
    Dataset<Row> frame = TestFrames.frame(new float[3][0], 1);
    assertEquals(
        "inputCol: the rows of column 'features' must have at least 1 value, but the first has"
            + " none",
        assertThrows(IllegalArgumentException.class, () -> Fixtures.estimator().fit(frame))
            .getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    ", has a null weight",
    "-1, 'has weight -1.0, which is not 0 or more and finite'",
    "NaN, 'has weight NaN, which is not 0 or more and finite'",
    "Infinity, 'has weight Infinity, which is not 0 or more and finite'",
    "1e308, 'has weight 1.0E308, which is beyond the range of floats (0, or 1.17549435E-38 to 3.4028235E38): scale the weights'",
    "1e-300, 'has weight 1.0E-300, which is beyond the range of floats (0, or 1.17549435E-38 to 3.4028235E38): scale the weights'"
  })
  void weightsThatAreNoneAreRefusedOrSkipped(Double weight, String problem) {
    Dataset<Row> frame = weighted(weight);
    SparseAutoencoder estimator = Fixtures.estimator().setMaxIter(1).setWeightCol("weight");
    String refused =
        assertThrows(IllegalArgumentException.class, () -> estimator.fit(frame)).getMessage();
    assertContains(refused, "column 'features' with weightCol 'weight': ");
    assertContains(refused, "row 0 of partition 1 " + problem);
    SparseAutoencoderModel model = estimator.setHandleInvalid("skip").fit(frame);
    assertEquals(1, model.summary().skippedRows());
    assertEquals(1, model.summary().statistics().weight());
  }

  @Test
  void weightsThatSumToZeroAreRefused() {
    Dataset<Row> frame = weighted(0.0).filter("weight = 0");
    SparseAutoencoder estimator = Fixtures.estimator().setWeightCol("weight");
    assertEquals(
        "weightCol: the weights of column 'weight' sum to 0; at least one row must weigh more",
        assertThrows(IllegalArgumentException.class, () -> estimator.fit(frame)).getMessage());
  }

  /** Two partitions of one row; the first weighs 1. */
  private static Dataset<Row> weighted(Double second) {
    StructType schema =
        new StructType()
            .add("features", InputType.DENSE_VECTOR.type())
            .add("weight", DataTypes.DoubleType);
    return TestFrames.frame(
        schema,
        List.of(
            List.of(RowFactory.create(Vectors.dense(0.1, 0.2), 1.0)),
            List.of(RowFactory.create(Vectors.dense(0.3, 0.1), second))));
  }

  private static void assertContains(String text, String part) {
    assertEquals(true, text.contains(part), () -> "'" + part + "' is not in: " + text);
  }
}

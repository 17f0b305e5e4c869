package org.sparksae.spark.ml;

import static org.apache.spark.sql.functions.col;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.mllib.util.MLUtils;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/** A column of numbers of any type is read as the same numbers in floats are, everywhere. */
@ExtendWith(LocalSpark.class)
class ColumnTypesTest {
  private static final String FEATURES = TestFrames.FEATURES;
  private static final float[][] ROWS = integers(24, 4);

  private static List<Object> ofFloats;

  /** Rows of small integers, which every type holds exactly. */
  private static float[][] integers(int n, int d) {
    float[][] rows = TestFrames.rows(n, d, 71);
    for (float[] row : rows) {
      for (int j = 0; j < d; j++) {
        row[j] = Math.round(20 * row[j]) - 7;
      }
    }
    return rows;
  }

  private static Dataset<Row> floats() {
    return TestFrames.frame(InputType.FLOATS, TestFrames.split(ROWS, 2));
  }

  private static Dataset<Row> as(String element) {
    return floats().select(col(FEATURES).cast("array<" + element + ">").as(FEATURES));
  }

  private static List<Object> column(Dataset<Row> frame, String name) {
    return frame.select(name).collectAsList().stream().map(row -> row.get(0)).toList();
  }

  private static SparseAutoencoder estimator() {
    return Fixtures.estimator().setMaxIter(1).setReconstructionCol("reconstruction");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tinyint", "smallint", "int", "bigint", "decimal(9,2)", "decimal(30,5)"})
  void numbersOfAnyTypeMakeTheModelAndTheCodesOfFloats(String element) {
    if (ofFloats == null) {
      ofFloats = results(floats());
    }
    assertEquals(ofFloats, results(as(element)));
  }

  /** What a fit, its codes, an evaluator and the stages of one column make of the rows. */
  private static List<Object> results(Dataset<Row> frame) {
    SparseAutoencoderModel model = estimator().fit(frame);
    Dataset<Row> encoded = model.transform(frame);
    ReconstructionEvaluator evaluator =
        new ReconstructionEvaluator()
            .setInputCol(FEATURES)
            .setReconstructionCol("reconstruction")
            .setMetricName("mse");
    PatchScaling scaling = new PatchScaling().setInputCol(FEATURES).setOutputCol("out");
    ZcaWhitening zca = new ZcaWhitening().setInputCol(FEATURES).setOutputCol("out");
    return List.of(
        Arrays.toString(model.parameters()),
        column(encoded, "code"),
        evaluator.evaluate(encoded),
        column(scaling.fit(frame).transform(frame), "out"),
        column(zca.fit(frame).transform(frame), "out"));
  }

  /** As a cast to doubles rounds them: 2^24 + 1 has no float, and 2^62 + 1 no double. */
  @Test
  void largeNumbersRoundAsTheirDoublesDo() {
    Column numbers =
        functions.array(
            functions.lit((1L << 24) + 1).plus(col("id")),
            functions.lit((1L << 62) + 1).minus(col("id")));
    Dataset<Row> frame = LocalSpark.session().range(9).select(numbers.as(FEATURES));
    Dataset<Row> decimals = frame.select(col(FEATURES).cast("array<decimal(38,3)>").as(FEATURES));
    Dataset<Row> doubles = frame.select(col(FEATURES).cast("array<double>").as(FEATURES));
    SparseAutoencoderModel model = Fixtures.handModel("hand");
    List<Object> expected = column(model.transform(doubles), "code");
    assertEquals(expected, column(model.transform(frame), "code"));
    assertEquals(expected, column(model.transform(decimals), "code"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void parquetFilesAndCachedFramesGiveTheSame(String offHeap, @TempDir Path directory) {
    SparkSession spark = LocalSpark.session();
    Dataset<Row> all = floats();
    for (String element : List.of("tinyint", "smallint", "int", "bigint", "decimal(9,2)")) {
      all = all.withColumn(element, col(FEATURES).cast("array<" + element + ">"));
    }
    String path = directory.resolve("numbers").toString();
    all.coalesce(1).write().parquet(path);
    SparseAutoencoderModel model = estimator().fit(floats());
    List<Object> expected = column(model.transform(floats()), "code");
    spark.conf().set("spark.sql.columnVector.offheap.enabled", offHeap);
    try {
      Dataset<Row> files = spark.read().parquet(path);
      Dataset<Row> cached = files.cache();
      for (String element : List.of("tinyint", "smallint", "int", "bigint", "decimal(9,2)")) {
        SparseAutoencoderModel same = model.copy(ParamMap.empty());
        same.setInputCol(element);
        assertEquals(expected, column(same.transform(spark.read().parquet(path)), "code"));
        assertEquals(expected, column(same.transform(cached), "code"));
        Dataset<Row> part =
            files.select(functions.slice(col("`" + element + "`"), 1, 4).as("part"));
        assertEquals(expected, column(same.setInputCol("part").transform(part), "code"));
      }
      cached.unpersist();
    } finally {
      spark.conf().unset("spark.sql.columnVector.offheap.enabled");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tinyint", "smallint", "int", "bigint", "decimal(9,2)"})
  void aNullElementIsRefusedOrSkipped(String element) {
    List<Row> rows = new ArrayList<>(as(element).collectAsList());
    Dataset<Row> frame =
        LocalSpark.session()
            .createDataFrame(rows, as(element).schema())
            .union(
                LocalSpark.session()
                    .range(1)
                    .select(
                        functions
                            .expr("cast(array(1, null, 1, 1) as array<" + element + ">)")
                            .as(FEATURES)));
    SparseAutoencoder estimator = estimator();
    String refused =
        assertThrows(IllegalArgumentException.class, () -> estimator.fit(frame)).getMessage();
    assertEquals(true, refused.contains("has a null at index 1"), refused);
    SparseAutoencoderModel model = estimator.setHandleInvalid("skip").fit(frame);
    assertEquals(1, model.summary().skippedRows());
    assertEquals(24, model.transform(frame).count());
  }

  @Test
  void vectorsOfTheOldPackageAreRefusedByNameAndRemedy() {
    Dataset<Row> old = MLUtils.convertVectorColumnsFromML(TestFrames.frame(ROWS, 1), FEATURES);
    String expected =
        "inputCol: column 'features' must be a Vector or an array of numbers, but it is a Vector of"
            + " the old package org.apache.spark.mllib.linalg; convert it with"
            + " MLUtils.convertVectorColumnsToML(dataset, \"features\")";
    assertRefused(expected, () -> estimator().fit(old));
    assertRefused(expected, () -> Fixtures.handModel("hand").transform(old));
    assertRefused(expected, () -> new ZcaWhitening().setInputCol(FEATURES).fit(old));
    assertRefused(
        expected,
        () ->
            new ReconstructionEvaluator()
                .setInputCol(FEATURES)
                .setReconstructionCol(FEATURES)
                .evaluate(old));
    Dataset<Row> converted = MLUtils.convertVectorColumnsToML(old, FEATURES);
    assertEquals(24, estimator().fit(converted).summary().statistics().rows());
  }

  private static void assertRefused(String expected, Executable call) {
    assertEquals(expected, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Test
  void arraysOfWhatIsNoNumberAreRefused() {
    Dataset<Row> text = floats().select(col(FEATURES).cast("array<string>").as(FEATURES));
    assertRefused(
        "inputCol: column 'features' must be a Vector or an array of numbers, but it is"
            + " array<string>",
        () -> estimator().fit(text));
  }
}

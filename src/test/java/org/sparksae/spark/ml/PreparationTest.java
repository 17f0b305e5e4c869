package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.feature.VectorSizeHint;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/** The stages that prepare rows: patch scaling and whitening. */
@ExtendWith(LocalSpark.class)
class PreparationTest {
  private static final int D = 7;

  /** In all of them row means and columns vary, and no direction is without variance. */
  private static final float[][] ROWS = noisy(TestFrames.rows(90, D, 3));

  private static float[][] noisy(float[][] rows) {
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < D; j++) {
        rows[i][j] += (float) Math.sin(i * (j + 1.3) * 2.1) * 0.2f;
      }
    }
    return rows;
  }

  private static PatchScaling scaling() {
    return new PatchScaling().setInputCol(TestFrames.FEATURES).setOutputCol("out");
  }

  private static ZcaWhitening whitening() {
    return new ZcaWhitening().setInputCol(TestFrames.FEATURES).setOutputCol("out").setEpsilon(0);
  }

  @ParameterizedTest
  @EnumSource(InputType.class)
  void whitenedRowsHaveMeanZeroAndCovarianceOne(InputType type) {
    Dataset<Row> frame = TestFrames.frame(type, TestFrames.splitBySize(ROWS, 0, 50, 1, 39));
    Dataset<Row> white = whitening().fit(frame).transform(frame);
    assertEquals(D, AttributeGroup.fromStructField(white.schema().apply("out")).size());
    double[][] out = vectors(white);
    for (int i = 0; i < D; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (double[] row : out) {
          sum += row[i] * row[j];
        }
        assertEquals(i == j ? 1 : 0, sum / (out.length - 1), 1e-4, i + ", " + j);
      }
    }
    for (int j = 0; j < D; j++) {
      double sum = 0;
      for (double[] row : out) {
        sum += row[j];
      }
      assertEquals(0, sum / out.length, 1e-5);
    }
  }

  /** As the exercise has it, by a slow sum. */
  @Test
  void patchesLoseTheirMeansAndAreClippedAndScaled() {
    double squares = 0;
    double[][] expected = new double[ROWS.length][D];
    for (int i = 0; i < ROWS.length; i++) {
      double mean = 0;
      for (float value : ROWS[i]) {
        mean += value / (double) D;
      }
      for (int j = 0; j < D; j++) {
        expected[i][j] = ROWS[i][j] - mean;
        squares += expected[i][j] * expected[i][j];
      }
    }
    double limit = 1.5 * Math.sqrt(squares / (ROWS.length * D));
    int clipped = 0;
    for (double[] row : expected) {
      for (int j = 0; j < D; j++) {
        clipped += Math.abs(row[j]) > limit ? 1 : 0;
        row[j] = 0.2 + 0.3 * (Math.max(-limit, Math.min(limit, row[j])) / limit + 1);
      }
    }
    assertTrue(clipped > 10, "clipped " + clipped);
    Dataset<Row> frame = TestFrames.frame(ROWS, 3);
    PatchScalingModel model = scaling().setClip(1.5).setMin(0.2).setMax(0.8).fit(frame);
    assertEquals(limit, model.limit(), 1e-9);
    double[][] out = vectors(model.transform(frame));
    for (int i = 0; i < out.length; i++) {
      assertArrayEquals(expected[i], out[i], 1e-6);
    }
  }

  @Test
  void savedStagesDoTheSameInAPipeline(@TempDir Path dir) throws Exception {
    Dataset<Row> frame = TestFrames.frame(ROWS, 2);
    Pipeline pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  scaling().setOutputCol("scaled"),
                  whitening().setInputCol("scaled").setEpsilon(0.01),
                });
    String path = dir.resolve("pipeline").toString();
    pipeline.write().save(path);
    PipelineModel fitted = Pipeline.load(path).fit(frame);
    String models = dir.resolve("models").toString();
    fitted.write().save(models);
    PipelineModel loaded = PipelineModel.load(models);
    double[][] expected = vectors(fitted.transform(frame));
    double[][] actual = vectors(loaded.transform(frame));
    for (int i = 0; i < expected.length; i++) {
      assertArrayEquals(expected[i], actual[i]);
    }
    assertEquals("scaled", ((PatchScalingModel) loaded.stages()[0]).getOutputCol());
    // Rows of which the mean was removed do not vary along (1, .., 1).
    ZcaWhiteningModel white = (ZcaWhiteningModel) loaded.stages()[1];
    assertEquals(10, white.whitening().multiply(ones()).apply(0), 1e-3);
  }

  /** The constant vector, which 1 / sqrt(0 + epsilon) = 10 multiplies. */
  private static Vector ones() {
    double[] ones = new double[D];
    Arrays.fill(ones, 1);
    return Vectors.dense(ones);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Dataset<Row> frame = TestFrames.frame(ROWS, 2);
    assertRefused("epsilon must be 0 or more", () -> whitening().setEpsilon(-1));
    assertRefused("clip must be above 0", () -> scaling().setClip(0));
    assertRefused(
        "min must be below max, got min = 0.9, max = 0.9", () -> scaling().setMin(0.9).fit(frame));
    assertRefused("inputCol must be set", () -> new ZcaWhitening().fit(frame));
    assertRefused(
        "inputCol: there is no column 'x'", () -> whitening().setInputCol("x").fit(frame));
    assertRefused(
        "outputCol: column 'features' exists already",
        () -> scaling().setOutputCol(TestFrames.FEATURES).fit(frame));
    assertRefused("outputCol must not be empty", () -> scaling().setOutputCol("").fit(frame));
    assertRefused(
        "at least 2 rows that are valid, got 1",
        () -> whitening().fit(TestFrames.frame(new float[][] {ROWS[0]}, 1)));
    assertRefused(
        "there is no standard deviation to scale by",
        () -> scaling().fit(TestFrames.frame(new float[][] {{1, 1}, {2, 2}}, 1)));
    assertRefused("max must be finite, got Infinity", () -> scaling().setMax(1 / 0.0));
    Dataset<Row> invalid = TestFrames.frame(new float[][] {{1, Float.NaN}, {2, 2}}, 1);
    for (Runnable fit :
        List.<Runnable>of(() -> whitening().fit(invalid), () -> scaling().fit(invalid))) {
      assertRefused(
          "row 0 of partition 0 has NaN at index 1, which is not a finite float; leave such rows"
              + " out before this stage",
          fit);
    }
    ZcaWhiteningModel model = whitening().fit(frame);
    float[][] shorter = {{1, 2}, {3, 4}};
    Dataset<Row> arrays = TestFrames.frame(InputType.FLOATS, TestFrames.split(shorter, 1));
    Exception failed = assertThrows(Exception.class, () -> model.transform(arrays).collectAsList());
    assertTrue(
        failed.toString().contains("has 2 values, expected 7; leave such rows out before"),
        failed.toString());
  }

  /** Arrays, which do not say their size, so that nothing could be known without a look at rows. */
  @Test
  void noStageRunsAJobBeforeAnAction(@TempDir Path dir) throws Throwable {
    Dataset<Row> frame = TestFrames.frame(InputType.FLOATS, TestFrames.split(ROWS, 2));
    PatchScalingModel scaled = scaling().fit(frame);
    ZcaWhiteningModel white =
        whitening()
            .setEpsilon(0.01)
            .setInputCol("out")
            .setOutputCol("white")
            .fit(scaled.transform(frame));
    assertEquals(0, Fixtures.jobsOf(() -> white.transform(scaled.transform(frame))));
    assertEquals(D, sizeOf(scaled.transform(frame), "out"));
    Dataset<Row> empty = frame.filter("false");
    assertEquals(0, white.transform(scaled.transform(empty)).count());
    Dataset<Row> nulls =
        frame.withColumn("features", functions.lit(null).cast(InputType.FLOATS.type()));
    Dataset<Row> refused = scaled.transform(nulls);
    Exception failed = assertThrows(Exception.class, refused::count);
    assertTrue(failed.toString().contains("a row of column 'features' is null"), failed.toString());

    String source = dir.resolve("source").toString();
    frame.write().parquet(source);
    Dataset<Row> stream = LocalSpark.session().readStream().schema(frame.schema()).parquet(source);
    StreamingQuery query =
        white
            .transform(scaled.transform(stream))
            .writeStream()
            .format("memory")
            .queryName("prepared")
            .trigger(Trigger.AvailableNow())
            .start();
    query.awaitTermination();
    assertEquals(
        white.transform(scaled.transform(frame)).sort("features").collectAsList(),
        LocalSpark.session().table("prepared").sort("features").collectAsList());
  }

  private static int sizeOf(Dataset<Row> rows, String column) {
    return AttributeGroup.fromStructField(rows.schema().apply(column)).size();
  }

  /** Models were saved without it at first. */
  @Test
  void aModelThatDoesNotKnowTheSizeOfARowTakesTheColumnsOrIsRefused(@TempDir Path dir)
      throws Exception {
    Dataset<Row> arrays = TestFrames.frame(InputType.FLOATS, TestFrames.split(ROWS, 2));
    PatchScalingModel model = scaling().fit(arrays);
    String path = dir.resolve("model").toString();
    model.write().save(path);
    assertEquals(D, PatchScalingModel.load(path).numFeatures());
    PatchScalingModel old =
        new PatchScalingModel("old", -1, model.limit(), 0.1, 0.9)
            .setInputCol(TestFrames.FEATURES)
            .setOutputCol("out");
    assertRefused("fit it again, or put a VectorSizeHint before it", () -> old.transform(arrays));
    Dataset<Row> vectors =
        new VectorSizeHint()
            .setInputCol(TestFrames.FEATURES)
            .setSize(D)
            .transform(TestFrames.frame(ROWS, 2));
    double[][] expected = vectors(model.transform(arrays));
    double[][] actual = vectors(old.transform(vectors));
    for (int i = 0; i < expected.length; i++) {
      assertArrayEquals(expected[i], actual[i]);
    }
  }

  /**
   * 2^18 columns overflow an array, 20 000 the heap of this JVM: Spark must not go down with it.
   */
  @Test
  void rowsWhoseCovarianceDoesNotFitTheMemoryAreRefusedBeforeAnyJob() throws Throwable {
    for (int columns : new int[] {1 << 18, 20_000}) {
      StructType schema =
          new StructType().add(new AttributeGroup(TestFrames.FEATURES, columns).toStructField());
      List<Row> rows =
          List.of(RowFactory.create(Vectors.sparse(columns, new int[] {1}, new double[] {1})));
      Dataset<Row> frame = TestFrames.frame(schema, List.of(rows));
      int jobs =
          Fixtures.jobsOf(
              () ->
                  assertRefused(
                      "inputCol: column 'features' has rows of %d values, whose whitening takes %.1f GB of memory on the driver, which has "
                          .formatted(columns, 32e-9 * columns * columns),
                      () -> whitening().fit(frame)));
      assertEquals(0, jobs);
    }
  }

  /** A model that was saved before its Params were saved with it. */
  @Test
  void modelsWithoutTheirEstimatorsParamsStillLoad(@TempDir Path dir) throws Exception {
    Dataset<Row> frame = TestFrames.frame(ROWS, 2);
    PatchScalingModel model = scaling().setClip(2).fit(frame);
    model.clear(model.clip());
    String path = dir.resolve("model").toString();
    model.save(path);
    try (Stream<Path> files = Files.list(dir.resolve("model/metadata"))) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().startsWith("part-")) {
          String text = Files.readString(file);
          String defaults =
              text.replaceAll("\"defaultParamMap\":\\{[^}]*}", "\"defaultParamMap\":{}");
          assertTrue(text.contains("\"clip\":") && !defaults.contains("\"clip\":"), text);
          Files.delete(file.resolveSibling("." + file.getFileName() + ".crc"));
          Files.writeString(file, defaults);
        }
      }
    }
    PatchScalingModel loaded = PatchScalingModel.load(path);
    assertEquals(model.limit(), loaded.limit());
    assertFalse(loaded.isDefined(loaded.clip()));
    assertArrayEquals(vectors(model.transform(frame)), vectors(loaded.transform(frame)));
  }

  private static void assertRefused(String message, Runnable call) {
    IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
  }

  private static double[][] vectors(Dataset<Row> rows) {
    return rows.select("out").collectAsList().stream()
        .map(row -> row.<Vector>getAs(0).toArray())
        .toArray(double[][]::new);
  }
}

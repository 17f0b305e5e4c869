package org.sparksae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;
import org.sparksae.spark.data.HadoopPaths;
import org.sparksae.spark.ml.SavedPipeline;
import org.sparksae.spark.ml.SparseAutoencoderModel;

/** A job that prepares its rows, and shows which rows its units are about. */
@ExtendWith(LocalSpark.class)
class PreparedJobTest extends JobRunner {
  private static final int ROWS = 40;
  private static final String PREPARATION =
      "patchScaling(clip=2.0, max=0.9, min=0.1), zcaWhitening(epsilon=0.01)";

  /** Results are found again where they were written, not where such a pattern would look. */
  @BeforeEach
  void writeToADirectoryThatLooksLikeAPattern() {
    out = dir.resolve("out[1]{a,b}*");
  }

  private String job() throws IOException {
    String input = dir.resolve("rows.parquet").toString();
    float[][] values = TestFrames.rows(ROWS, 6, 5);
    Dataset<Row> rows = TestFrames.frame(InputType.FLOATS, TestFrames.split(values, 1));
    rows.withColumn("id", functions.monotonically_increasing_id())
        .withColumn("name", functions.concat(functions.lit("row "), functions.col("id")))
        .withColumn("label", functions.when(functions.col("id").lt(10), 1).otherwise(0))
        .write()
        .parquet(input);
    String text =
        """
        input { path = "%s", columns = [features] }
        preprocess = [ { stage = patchScaling, clip = 2 }, { stage = zcaWhitening, epsilon = 0.01 } ]
        model { hiddenLayers = [4], activation = relu, k = 2, topKBy = value, solver = adam, batchSize = 10, maxIter = 3 }
        evaluate {
          labelCol = label
          raw = false
          classifier.maxIter = 2
          topRows { column = name, units = 3, rows = 2, seed = 7 }
          output = ${output.dir}/figures.json
        }
        output.dir = "%s"
        """;
    return Files.writeString(dir.resolve("job.conf"), text.formatted(input, out)).toString();
  }

  @Test
  void preparesTheRowsOfEveryCommandAlike() throws IOException {
    String job = job();
    assertEquals(0, run("train", job), error);
    assertTrue(said.contains(out.resolve("preprocessing").toString()), said);
    assertTrue(said.contains("on the scale of     rows prepared by " + PREPARATION), said);
    JsonNode summary = json("summary.json");
    assertEquals("__prepared2", summary.get("settings").get("inputCol").asText());

    assertEquals(0, run("evaluate", job), error);
    JsonNode figures = json("figures.json");
    assertEquals(
        summary.get("meanSquaredError").asDouble(),
        figures.get("meanSquaredError").asDouble(),
        1e-6);
    assertEquals(PREPARATION, figures.get("preparation").asText());
    assertTrue(said.contains("40 rows, on the scale of rows prepared by " + PREPARATION), said);
    // 30 of 40 rows have label 0.
    assertEquals(0.75, figures.get("comparison").get("majorityAccuracy").asDouble());
    assertTrue(said.contains("labels alone"), said);

    assertEquals(0, run("encode", job, "--set", "encode.keepInput=true"), error);
    Dataset<Row> encoded =
        LocalSpark.session()
            .read()
            .parquet(HadoopPaths.pattern(out.resolve("features.parquet").toString()));
    assertEquals(
        List.of("features", "id", "name", "label", "code"), Arrays.asList(encoded.columns()));
    assertTopRows(encoded, figures.get("topRows"));
  }

  /** Each unit's rows are those with its highest codes. */
  private static void assertTopRows(Dataset<Row> encoded, JsonNode topRows) {
    List<Row> rows = encoded.select("name", "code").collectAsList();
    assertFalse(topRows.isEmpty());
    for (JsonNode unit : topRows) {
      int index = unit.get("unit").asInt();
      List<String> expected =
          rows.stream()
              .sorted((a, b) -> Double.compare(code(b, index), code(a, index)))
              .limit(2)
              .filter(row -> code(row, index) > 0)
              .map(row -> row.getString(0))
              .toList();
      assertEquals(expected.size(), unit.get("rows").size());
      for (int i = 0; i < expected.size(); i++) {
        assertEquals(expected.get(i), unit.get("rows").get(i).asText());
      }
    }
  }

  private static double code(Row row, int unit) {
    return row.<Vector>getAs(1).apply(unit);
  }

  @Test
  void thePipelineTakesRowsAsTheSourceHasThem() throws IOException {
    String job = job();
    assertEquals(0, run("train", job), error);
    assertTrue(said.contains(out.resolve("pipeline").toString()), said);
    assertEquals(0, run("encode", job), error);
    Dataset<Row> source =
        LocalSpark.session().read().parquet(dir.resolve("rows.parquet").toString());
    Dataset<Row> coded = SavedPipeline.load(out.resolve("pipeline").toString()).transform(source);
    assertEquals(
        LocalSpark.session()
            .read()
            .parquet(HadoopPaths.pattern(out.resolve("features.parquet").toString()))
            .select("name", "code")
            .collectAsList(),
        coded.select("name", "code").collectAsList());
  }

  @Test
  void theModelNamesItsPreparationAndRefusesRowsWithoutThePreparedColumn() throws IOException {
    assertEquals(0, run("train", job()), error);
    assertEquals(PREPARATION, json("summary.json").get("preparation").asText());
    SparseAutoencoderModel model = SparseAutoencoderModel.load(out.resolve("model").toString());
    assertEquals(PREPARATION, model.preparation());
    Dataset<Row> source =
        LocalSpark.session().read().parquet(dir.resolve("rows.parquet").toString());
    String refused =
        assertThrows(IllegalArgumentException.class, () -> model.transform(source)).getMessage();
    assertTrue(
        refused.contains("no column '__prepared2' of rows prepared by " + PREPARATION), refused);
  }

  @Test
  void aJobThatPreparesOtherwiseThanTheModelsIsRefused() throws IOException {
    String job = job();
    assertEquals(0, run("train", job), error);
    assertEquals(2, run("encode", job, "--set", "preprocess=[]"));
    assertTrue(
        error.contains(
            "was trained on rows prepared by "
                + PREPARATION
                + ", but the job's preprocess says nothing; train again, or set it back"),
        error);
    assertEquals(2, run("evaluate", job, "--set", "preprocess=[{ stage = patchScaling }]"));
    assertTrue(error.contains("preprocess says patchScaling(clip=3.0, max=0.9, min=0.1)"), error);
  }

  @Test
  void whatIsNotThereIsRefused() throws IOException {
    String job = job();
    assertEquals(0, run("train", job), error);
    assertEquals(2, run("evaluate", job, "--set", "evaluate.topRows.column=word"));
    assertTrue(error.contains("evaluate.topRows.column: there is no column 'word'"), error);
    Path preprocessing = out.resolve("preprocessing");
    Files.move(preprocessing, dir.resolve("elsewhere"));
    assertEquals(2, run("encode", job));
    assertTrue(error.contains("/preprocessing, which the job's preprocess needs"), error);
  }
}

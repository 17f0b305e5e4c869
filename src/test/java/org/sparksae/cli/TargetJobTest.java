package org.sparksae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;
import org.sparksae.spark.ml.SparseAutoencoderModel;

/** A job of a transcoder, from its rows to its codes and errors. */
@ExtendWith(LocalSpark.class)
class TargetJobTest extends JobRunner {
  private static final String MODEL =
      "hiddenLayers = [8], k = 3, solver = adam, maxIter = 2, targetCol = next, skipConnection = true";

  private String job(String model) throws IOException {
    float[][] rows = TestFrames.rows(60, 6, 5);
    String input = dir.resolve("rows.parquet").toString();
    TestFrames.frame(InputType.NULLABLE_FLOATS, TestFrames.split(rows, 2))
        .selectExpr("features", "transform(slice(features, 1, 4), x -> 2 * x) as next")
        .write()
        .mode("overwrite")
        .parquet(input);
    String text =
        """
        input { path = "%s", columns = [features] }
        model { %s }
        picture { imageShape = [1, 2, 2], filters = decoder }
        evaluate { output = ${output.dir}/figures.json }
        output.dir = "%s"
        """;
    Path file = dir.resolve("job.conf");
    Files.writeString(file, text.formatted(input, model, out));
    return file.toString();
  }

  @Test
  void trainsEncodesAndEvaluates() throws IOException {
    String job = job(MODEL);
    assertEquals(0, run("train", job), error);
    SparseAutoencoderModel model = SparseAutoencoderModel.load(out.resolve("model").toString());
    assertEquals(4, model.spec().outputSize());
    double trained = json("summary.json").get("meanSquaredError").asDouble();
    assertEquals("next", json("summary.json").get("settings").get("targetCol").asText());

    // A job that does not name the target takes that of the model.
    for (String next :
        List.of(
            job,
            job(MODEL.replace(", targetCol = next", "").replace(", skipConnection = true", "")))) {
      assertEquals(0, run("evaluate", next, "--overwrite"), error);
      double measured = json("figures.json").get("meanSquaredError").asDouble();
      assertEquals(trained, measured, 1e-6 * trained);
      assertEquals(
          0, run("encode", next, "--overwrite", "--set", "model.reconstructionErrorCol=e"), error);
      Dataset<Row> encoded =
          LocalSpark.session().read().parquet(out.resolve("features.parquet").toString());
      assertEquals(List.of("next", "code", "e"), List.of(encoded.columns()));
      assertEquals(trained, encoded.selectExpr("avg(e)").head().getDouble(0), 1e-6 * trained);
    }
  }

  @Test
  void whatDoesNotFitIsRefused() throws IOException {
    String job = job(MODEL);
    assertEquals(2, run("train", job, "--set", "evaluate.denoise.corruption=masking"));
    assertTrue(
        error.contains(
            "evaluate.denoise compares reconstructions with clean inputs, but model.targetCol 'next'"),
        error);
    assertEquals(2, run("train", job, "--set", "picture.imageShape=[1,2,3]"));
    assertTrue(
        error.contains("picture.imageShape [1, 2, 3] has 6 values, but the rows of 'next' have 4"),
        error);
  }
}

package org.sparksae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;
import org.sparksae.spark.ml.SparseAutoencoderModel;

/** A job of a k-sparse autoencoder, from its rows to its codes. */
@ExtendWith(LocalSpark.class)
class KSparseJobTest extends JobRunner {
  private String job() throws IOException {
    float[][] rows = TestFrames.rows(60, 6, 5);
    String input = dir.resolve("rows.parquet").toString();
    TestFrames.frame(InputType.SPARSE_VECTOR, TestFrames.split(rows, 2)).write().parquet(input);
    String text =
        """
        input { path = "%s", columns = [features] }
        model { hiddenLayers = [8], solver = adam, maxIter = 4, k = 2, kStart = 6 }
        evaluate { output = ${output.dir}/figures.json, firingPicture = ${output.dir}/firing.png }
        output.dir = "%s"
        """;
    Path file = dir.resolve("job.conf");
    Files.writeString(file, text.formatted(input, out));
    return file.toString();
  }

  @Test
  void trainsEncodesAndEvaluates() throws IOException {
    String job = job();
    assertEquals(0, run("train", job), error);
    assertTrue(said.contains("active units (L0)   2.0 of 8"), said);
    assertTrue(said.contains("dead units          "), said);
    assertTrue(said.contains("    sparsity1         0.00000\n"), said);
    assertTrue(said.contains("in hidden layer 1\n") && !said.contains("target"), said);
    SparseAutoencoderModel model = SparseAutoencoderModel.load(out.resolve("model").toString());
    assertEquals(2, model.spec().code().form().unitsKept().getAsInt());
    assertTrue(said.contains("\nwarning: adam made only 16 steps: set a larger maxIter"), said);
    checkSummary(json("summary.json"));
    assertDocumented(json("summary.json"));

    assertEquals(0, run("encode", job), error);
    assertEquals(Set.of(2), entriesOfTheCodes());
    assertEquals(0, run("encode", job, "--overwrite", "--set", "model.encodeK=4"), error);
    assertEquals(Set.of(4), entriesOfTheCodes());

    assertEquals(0, run("evaluate", job), error);
    assertTrue(said.contains("active units (L0)   2.0 of 8"), said);
    assertTrue(said.contains(", active in more than 10 % of the rows"), said);
    assertDocumented(json("figures.json"));
    assertEquals(
        json("summary.json").get("firingHistogram"), json("figures.json").get("firingHistogram"));
    assertEquals(960, ImageIO.read(out.resolve("firing.png").toFile()).getWidth());
    double squaredError = json("figures.json").get("meanSquaredError").asDouble();
    assertEquals(json("summary.json").get("meanSquaredError").asDouble(), squaredError, 1e-6);
    assertEquals(0, run("evaluate", job, "--overwrite", "--set", "model.encodeK=4"), error);
    assertEquals(4, json("figures.json").get("l0").asDouble());
  }

  @Test
  void nestedWidthsAreMeasuredByBothCommands() throws IOException {
    String job = job();
    assertEquals(0, run("train", job, "--set", "model.matryoshkaWidths=[2, 5, 8]"), error);
    List<String> trained = said.lines().filter(line -> line.startsWith("    first ")).toList();
    assertEquals(3, trained.size(), said);
    assertEquals(0, run("evaluate", job), error);
    assertEquals(
        trained, said.lines().filter(line -> line.startsWith("    first ")).toList(), said);
    JsonNode figures = json("figures.json");
    assertDocumented(figures);
    for (int g = 0; g < 3; g++) {
      JsonNode width = figures.get("nestedFvu").get(g);
      JsonNode ofTraining = json("summary.json").get("nestedFvu").get(g);
      assertEquals(ofTraining.get("width"), width.get("width"));
      double fvu = ofTraining.get("fvu").asDouble();
      assertEquals(fvu, width.get("fvu").asDouble(), 1e-6 * fvu);
    }
    double whole = figures.get("fvu").asDouble();
    assertEquals(whole, figures.get("nestedFvu").get(2).get("fvu").asDouble(), 1e-6 * whole);
  }

  /** The settings are those that the model was trained with, not the defaults of dense models. */
  private static void checkSummary(JsonNode summary) {
    assertEquals(2, summary.get("l0").asDouble());
    JsonNode settings = summary.get("settings");
    assertEquals(2, settings.get("k").asInt());
    assertEquals(6, settings.get("kStart").asInt());
    assertEquals("magnitude", settings.get("topKBy").asText());
    assertEquals(0, settings.get("regParam").asDouble());
    assertEquals(16, settings.get("batchSize").asInt());
    JsonNode warnings = summary.get("warnings");
    JsonNode warning = warnings.get(warnings.size() - 1);
    assertEquals("STEPS", warning.get("kind").asText());
    assertTrue(warning.get("message").asText().startsWith("adam made only 16 steps"));
    assertEquals("linear", settings.get("activation").asText());
    assertEquals("[\"none\"]", settings.get("sparsity").toString());
    assertTrue(summary.get("iterations").get(3).has("weightDecay"), summary.toString());
  }

  @Test
  void anEncodeKThatDoesNotFitIsRefused() throws IOException {
    String job = job();
    assertEquals(2, run("train", job, "--set", "model.encodeK=9"));
    assertTrue(
        error.contains("encodeK must be in [1, 8], the units of the last of the hiddenLayers"),
        error);
    // The statistics are of what encode gives.
    assertEquals(0, run("train", job, "--set", "model.encodeK=3"), error);
    assertTrue(said.contains("active units (L0)   3.0 of 8"), said);
    assertEquals(2, run("encode", job, "--set", "model.encodeK=9"));
    assertTrue(error.contains("encodeK must be in [1, 8], the units of the code; got 9"), error);
    assertEquals(1, error.lines().count(), error);
    // What encode keeps is for the job to say each time.
    assertEquals(0, run("encode", job), error);
    assertEquals(Set.of(2), entriesOfTheCodes());
  }

  private Set<Integer> entriesOfTheCodes() {
    String path = out.resolve("features.parquet").toString();
    List<Row> rows = LocalSpark.session().read().parquet(path).select("code").collectAsList();
    assertEquals(60, rows.size());
    Set<Integer> entries = new TreeSet<>();
    for (Row row : rows) {
      entries.add(((SparseVector) row.get(0)).indices().length);
    }
    return entries;
  }
}

package org.sparksae.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;
import org.sparksae.spark.ml.SparseAutoencoderModel;

/** A job of several models on the same rows. */
@ExtendWith(LocalSpark.class)
class GridJobTest extends JobRunner {
  private String job(String grid) throws IOException {
    String input = dir.resolve("rows.parquet").toString();
    float[][] rows = TestFrames.rows(60, 6, 5);
    TestFrames.frame(InputType.FLOATS, TestFrames.split(rows, 2)).write().parquet(input);
    String text =
        """
        input { path = "%s", columns = [features] }
        preprocess = [ { stage = maxAbsScaler } ]
        model { solver = adam, maxIter = 2, seed = 3 }
        %s
        picture.imageShape = [1, 2, 3]
        output.dir = "%s"
        """;
    return Files.writeString(dir.resolve("job.conf"), text.formatted(input, grid, out)).toString();
  }

  @Test
  void trainsAllModelsAndComparesThem() throws IOException {
    String job = job("grid { k = [3, 1], hiddenLayers = [[8]] }");
    assertEquals(0, run("train", job), error);
    assertTable(said.lines().toList());
    assertEquals(Set.of("grid", "grid.csv", "grid.json", "grid.png"), names(out));
    assertEquals(Set.of("000", "001"), names(out.resolve("grid")));
    assertEquals(
        Set.of("model", "summary.json", "filters.png", "preprocessing", "pipeline"),
        names(out.resolve("grid/001")));
    assertFigures();
    assertPicture();

    assertModelOfSingleJob(job);
    assertOtherCommandsTakeOneModel(job);
  }

  /** Ascending L0: the model that keeps one unit comes before the one that keeps three. */
  private void assertTable(List<String> lines) {
    assertTrue(
        lines.get(0).matches(" +number +hiddenLayers +k +active \\(L0\\) +explained variance .*"),
        said);
    List<String> rows = lines.subList(1, 3);
    assertEquals(List.of("1", "3"), rows.stream().map(row -> row.strip().split(" +")[2]).toList());
    assertEquals(1, lines.stream().mapToInt(String::length).limit(3).distinct().count(), said);
    assertTrue(said.contains(out.resolve("grid.csv").toString()), said);
  }

  private void assertFigures() throws IOException {
    JsonNode models = json("grid.json").get("models");
    List<String> csv = Files.readAllLines(out.resolve("grid.csv"));
    assertEquals(
        "number,hiddenLayers,k,explainedVariance,meanSquaredError,l0,deadUnits,objective,seconds,warnings,error,path",
        csv.get(0));
    assertEquals(2, models.size());
    for (int i = 0; i < 2; i++) {
      JsonNode model = models.get(i);
      JsonNode summary = json(model.get("path").asText() + "/summary.json");
      assertEquals("grid/00" + i, model.get("path").asText());
      for (String key : List.of("hiddenLayers", "k")) {
        assertEquals(summary.get("settings").get(key), model.get("settings").get(key), key);
      }
      for (String key : List.of("explainedVariance", "meanSquaredError", "l0")) {
        assertEquals(summary.get(key), model.get(key), key);
      }
      assertEquals(summary.get("deadUnits").size(), model.get("deadUnits").asInt());
      assertEquals(summary.get("iterations").get(1).get("objective"), model.get("objective"));
      assertEquals(summary.get("warnings").size(), model.get("warnings").size());
      String line = csv.get(i + 1);
      assertTrue(
          line.startsWith(
              "00%d,[8],%d,%s,".formatted(i, i == 0 ? 3 : 1, model.get("explainedVariance"))),
          line);
      assertTrue(line.endsWith(",grid/00" + i), line);
    }
  }

  /** Something is drawn in the middle of the picture. */
  private void assertPicture() throws IOException {
    BufferedImage picture = ImageIO.read(out.resolve("grid.png").toFile());
    Set<Integer> colours =
        IntStream.range(0, picture.getWidth() * picture.getHeight())
            .map(i -> picture.getRGB(i % picture.getWidth(), i / picture.getWidth()))
            .boxed()
            .collect(Collectors.toSet());
    assertTrue(colours.size() > 3, "colours " + colours.size());
  }

  private void assertModelOfSingleJob(String job) throws IOException {
    Path grid = out;
    String single = Files.readString(Path.of(job)).replaceAll("grid \\{.*", "");
    out = dir.resolve("single");
    Path file = Files.writeString(dir.resolve("single.conf"), single);
    assertEquals(
        0,
        run(
            "train",
            file.toString(),
            "--set",
            "output.dir=" + out,
            "--set",
            "model.hiddenLayers=[8]",
            "--set",
            "model.k=3"),
        error);
    assertArrayEquals(
        SparseAutoencoderModel.load(out.resolve("model").toString()).parameters(),
        SparseAutoencoderModel.load(grid.resolve("grid/000/model").toString()).parameters());
    out = grid;
  }

  private void assertOtherCommandsTakeOneModel(String job) throws IOException {
    assertEquals(2, run("encode", job));
    assertTrue(
        error.contains(
            "the job has a grid of 2 models; say which one by its number in "
                + out
                + "/grid.csv, for example --grid 0 for hiddenLayers = [8], k = 3"),
        error);
    assertEquals(0, run("encode", job, "--grid", "1"), error);
    assertTrue(Files.isDirectory(out.resolve("grid/001/features.parquet")));
    assertEquals(0, run("evaluate", job, "--grid", "1"), error);
    assertTrue(said.contains("active units (L0)   1.0 of 8"), said);

    // A job with other results would leave these beside its own.
    assertEquals(2, run("train", job));
    assertTrue(error.contains("grid exists already"), error);
  }

  @Test
  void aModelThatIsRefusedLeavesNothing() throws IOException {
    String job = job("grid { k = [3, 9], hiddenLayers = [[8]] }");
    assertEquals(2, run("train", job));
    assertTrue(
        error.startsWith("error: paramMaps[1] (hiddenLayers = [8], k = 9): k must be"), error);
    assertFalse(Files.exists(out));
  }

  /** Hours of the other models are not lost. */
  @Test
  void aModelThatFailsIsReportedAndTheOthersAreKept() throws IOException {
    String deep = "model { activation = linear, sparsity = [targetL2], hiddenLayers = [8, 6, 4] }";
    String job = job(deep + "\ngrid { stepSize = [0.001, 1e6, 0.01] }");
    assertEquals(1, run("train", job));
    assertTrue(
        error.matches(
            "error: a model of the grid failed: 001 \\(stepSize = 1000000\\): training"
                + " diverged at epoch 1, batch [2-4]: .*\\R"),
        error);
    assertEquals(Set.of("000", "002"), names(out.resolve("grid")));
    assertEquals(Set.of("grid", "grid.csv", "grid.json", "grid.png"), names(out));
    JsonNode failed = json("grid.json").get("models").get(1);
    assertTrue(failed.get("error").asText().startsWith("training diverged at"), failed.toString());
    assertEquals(1, failed.get("number").asInt());
    assertTrue(said.lines().toList().get(3).matches(" +001 .* failed *"), said);

    assertEquals(0, run("evaluate", job, "--grid", "2"), error);
    assertEquals(2, run("evaluate", job, "--grid", "1"));
    assertTrue(error.contains("there is no model " + out.resolve("grid/001")), error);

    assertEquals(
        1, run("train", job, "--overwrite", "--set", "grid.stepSize=[1e6]"), "nothing is replaced");
    assertTrue(error.startsWith("error: a model of the grid failed: 000 (stepSize = "), error);
    assertEquals(Set.of("000", "002"), names(out.resolve("grid")));
  }

  private static Set<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .collect(Collectors.toSet());
    }
  }
}

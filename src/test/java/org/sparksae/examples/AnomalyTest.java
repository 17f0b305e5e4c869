package org.sparksae.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.cli.job.JobConfig;
import org.sparksae.cli.job.JobFile;
import org.sparksae.cli.job.Section;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/** The experiment on outliers. */
@ExtendWith(LocalSpark.class)
class AnomalyTest extends ExamplesRunner {
  /** Two classes of rows: waves, and the same upside down. */
  private String job() throws IOException {
    return job(
        "hiddenLayers = [6], sparsity = none, solver = adam, batchSize = 20, stepSize = 0.02,"
            + " maxIter = 30, tol = 0, aggregation = allReduce",
        "labelCol = label, components = [1, 3]");
  }

  private String job(String model, String anomaly) throws IOException {
    float[][] waves = TestFrames.rows(120, 12, 5);
    StructType schema =
        new StructType().add("pixels", InputType.FLOATS.type()).add("label", DataTypes.IntegerType);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < waves.length; i++) {
      float[] row = waves[i].clone();
      for (int j = 0; i % 2 == 1 && j < row.length; j++) {
        row[j] = 1 - row[j];
      }
      rows.add(RowFactory.create(InputType.FLOATS.form(row), i % 2));
    }
    String input = dir.resolve("rows.parquet").toString();
    TestFrames.frame(schema, List.of(rows.subList(0, 50), rows.subList(50, 120)))
        .write()
        .parquet(input);
    String text =
        """
        input { path = "%s", columns = [pixels] }
        model { %s }
        anomaly { %s }
        output.dir = "%s"
        """;
    Path file = dir.resolve("job.conf");
    Files.writeString(file, text.formatted(input, model, anomaly, out));
    return file.toString();
  }

  @Test
  void findsTheOtherClass() throws IOException {
    String job = job();
    String[] command = {
      "anomaly", job, "--set", "anomaly.seeds=[1, 2]", "--set", "model.contamination=0.1"
    };
    assertEquals(0, run(command), error);
    assertTrue(said.contains("over 2 seeds"), said);
    assertTrue(said.contains("by chance: AUROC 0.5, AUPRC 0.5"), said);
    JsonNode figures = json("anomaly.json");
    assertEquals(2, figures.get("classes").size());
    for (JsonNode of : figures.get("classes")) {
      assertEquals(60, of.get("rows").asInt());
      assertEquals(0.5, of.get("outlierShare").asDouble());
      assertEquals(2, of.get("auroc").size());
      assertEquals(2, of.get("pcaAuroc").size());
      assertTrue(of.get("auroc").get(0).asDouble() > 0.95, of.toString());
      assertTrue(of.get("pcaAuroc").get(1).asDouble() > 0.95, of.toString());
      assertEquals(0.1, of.get("flagged").get(1).get(0).asDouble(), 1e-9);
      assertTrue(of.get("flagged").get(1).get(1).asDouble() > 0.5, of.toString());
    }
    assertEquals(2, run("anomaly", job, "--overwrite", "--set", "anomaly.labelCol=kind"));
    assertTrue(error.contains("must have a numeric column 'kind'"), error);
  }

  /** Maps are no number of principal components to compare with, so the job must name one. */
  @Test
  void convolutionsAreComparedWithTheComponentsThatTheJobNames() throws IOException {
    String job =
        job(
            "kind = convolutional, imageShape = [1, 3, 4], filters = [2], kernelSizes = [3],"
                + " maxIter = 1",
            "labelCol = label, classes = [1], seeds = [1]");
    assertEquals(2, run("anomaly", job));
    assertTrue(
        error.contains("anomaly.components must be set: with model.kind = convolutional"), error);
    assertEquals(0, run("anomaly", job, "--set", "anomaly.components=[2]"), error);
    JsonNode figures = json("anomaly.json");
    assertEquals(1, figures.get("classes").size());
    assertEquals(1, figures.get("classes").get(0).get("pcaAuroc").size());
    assertEquals(60, figures.get("classes").get(0).get("rows").asInt());
  }

  @Test
  void everyKeyIsChecked() throws IOException {
    String job = job("hiddenLayers = [6]", "labelCol = label");
    assertRefused(
        job, "anomaly.seeds=[]", "anomaly.seeds (--set: 1) must be at least one whole number");
    assertRefused(
        job, "anomaly.components=[0]", "must be a list of numbers of components, each 1 or");
    assertRefused(
        job,
        "anomaly.classs=[1]",
        "anomaly.classs (--set: 1) is not a key; did you mean classes? The keys of anomaly");
    assertRefused(job, "model.hidden=3", "model.hidden (--set) is not a key");
    assertRefused(
        job, "preprocess=[{stage=maxAbsScaler}]", "preprocess does not work with 'anomaly'");
  }

  private void assertRefused(String job, String setting, String says) {
    assertEquals(2, run("anomaly", job, "--set", setting));
    assertTrue(error.contains(says), error);
  }

  @Test
  void theJobOfThisRepositoryIsValid() throws IOException {
    Section file = JobFile.read("jobs/fashion-mnist-anomaly/job.conf", List.of());
    JobConfig job = JobConfig.of(file.without(AnomalySettings.SECTION));
    assertEquals(List.of(1L, 2L, 3L), AnomalySettings.of(file, job).seeds());
  }
}

package org.sparksae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/** Jobs that choose their rows and how codes are judged. */
@ExtendWith(LocalSpark.class)
class ClassifierJobTest extends JobRunner {
  private static final float[][] ROWS = TestFrames.rows(120, 6, 5);

  /** Labels 0 to 3, from two values. */
  private static int label(float[] row) {
    return (row[2] > 0.53 ? 1 : 0) + (row[5] > 0.53 ? 2 : 0);
  }

  @TempDir private static Path data;

  @BeforeAll
  static void writeRows() {
    List<Row> rows = new ArrayList<>();
    for (float[] row : ROWS) {
      int label = label(row);
      rows.add(RowFactory.create(InputType.FLOATS.form(row), label));
    }
    StructType schema =
        new StructType()
            .add(TestFrames.FEATURES, InputType.FLOATS.type())
            .add("label", DataTypes.IntegerType);
    LocalSpark.session().createDataFrame(rows, schema).write().parquet(input());
  }

  private static String input() {
    return data.resolve("rows.parquet").toString();
  }

  private String job() throws IOException {
    String text =
        """
        input { path = "%s", columns = [features], where = "label >= 2" }
        model { hiddenLayers = [8, 5], sparsityWeights = 0.3, maxIter = 4, layerTraining = greedy }
        evaluate {
          training.where = "label < 2 and xxhash64(features) %% 2 = 0"
          input.where = "label < 2 and xxhash64(features) %% 2 != 0"
          labelCol = label
          classifier { maxIter = 5 }
          output = ${output.dir}/figures.json
        }
        output.dir = "%s"
        """;
    Path file = dir.resolve("job.conf");
    Files.writeString(file, text.formatted(input(), out));
    return file.toString();
  }

  private static long count(int from, int to) {
    long count = 0;
    for (float[] row : ROWS) {
      int label = label(row);
      count += label >= from && label <= to ? 1 : 0;
    }
    return count;
  }

  @Test
  void rowsToLearnFeaturesAndLabelsFromMayBeOthers() throws IOException {
    String job = job();
    assertEquals(0, run("train", job), error);
    assertEquals(count(2, 3), json("summary.json").get("rows").asLong());
    assertEquals(
        0,
        run(
            "evaluate",
            job,
            "--set",
            "evaluate.fineTuning.maxIter=4",
            "--set",
            "evaluate.raw=false"),
        error);
    JsonNode comparison = json("figures.json").get("comparison");
    long learned = comparison.get("trainingRows").asLong();
    assertEquals(count(0, 1), learned + comparison.get("testRows").asLong());
    assertTrue(learned > 10 && comparison.get("testRows").asLong() > 10);
    assertEquals("Logistic regression", comparison.get("classifier").asText());
    assertFalse(comparison.has("rawAccuracy") || said.contains("raw rows"), said);
    assertTrue(said.contains("  fine-tuned          6    0."), said);
    assertTrue(comparison.get("fineTunedAccuracy").asDouble() > 0.5, said);
  }

  @Test
  void supportVectorMachinesJudgeAsWell() throws IOException {
    String job = job();
    assertEquals(0, run("train", job, "--set", "model.maxIter=1"), error);
    // One label that a line separates from the others: each machine takes a hundred Spark jobs.
    String[] all = {"evaluate.input.where=label < 2", "evaluate.training.where=label < 2"};
    assertEquals(
        0,
        run(
            "evaluate",
            job,
            "--set",
            all[0],
            "--set",
            all[1],
            "--set",
            "evaluate.classifier.kind=linearSvm",
            "--set",
            "evaluate.classifier.maxIter=2"),
        error);
    String rows = "on %1$d rows, tested on %1$d".formatted(count(0, 1));
    assertTrue(said.contains("Linear SVM, one against the rest " + rows), said);
    JsonNode comparison = json("figures.json").get("comparison");
    assertTrue(comparison.get("rawAccuracy").asDouble() > 0.8, said);
    assertFalse(comparison.has("fineTunedAccuracy"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "evaluate.classifier.kind=svm | must be one of logisticRegression, linearSvm, got \"svm\"",
        "evaluate.classifier.layers=3 | evaluate.classifier.layers",
        "input.where=lable<3 | must be a condition on the columns features, label",
        "input.where='label <' | must be a condition on the columns features, label",
        "input.where=3 | input.where",
      })
  void whatIsWrongIsNamed(String set, String message) throws IOException {
    String[] setting = set.split("=", 2);
    assertEquals(2, run("train", job(), "--set", setting[0] + "=" + setting[1].replace("'", "")));
    assertTrue(error.contains(message), error);
  }

  @Test
  void fineTuningNeedsSigmoidLayersAndASoftmax() throws IOException {
    String job = job();
    String tune = "evaluate.fineTuning.maxIter=2";
    assertEquals(
        2, run("train", job, "--set", tune, "--set", "evaluate.classifier.kind=linearSvm"));
    assertTrue(error.contains("evaluate.fineTuning begins with the softmax layer"), error);
    String[] tanh = {"--set", "model.activation=tanh", "--set", "model.sparsity=none"};
    String briefly = "model.maxIter=1";
    assertEquals(0, run("train", job, tanh[0], tanh[1], tanh[2], tanh[3], "--set", briefly), error);
    assertEquals(2, run("evaluate", job, tanh[0], tanh[1], tanh[2], tanh[3], "--set", tune), said);
    assertTrue(error.contains("hidden layer 1 has activation 'tanh'"), error);
  }
}

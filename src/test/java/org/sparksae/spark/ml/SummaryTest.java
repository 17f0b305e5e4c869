package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.core.linalg.Gemm;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.stats.CodeStatistics;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.core.train.StopReason;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

@ExtendWith(LocalSpark.class)
class SummaryTest {
  private static final float[][] ROWS = TestFrames.rows(90, 6, 9);
  private static Dataset<Row> frame;
  private static SparseAutoencoderModel model;

  @BeforeAll
  static void fit() {
    frame = TestFrames.frame(ROWS, 3);
    model =
        Fixtures.estimator()
            .setHiddenLayers(5, 4)
            .setSparsity("kl", "l1")
            .setSparsityWeights(0.3, 0.01)
            .setReconstructionErrorCol("error")
            .setActivationThreshold(0.5525)
            .fit(frame);
  }

  @Test
  void theTermsSumToTheObjectiveOfEachIteration() {
    SparseAutoencoderTrainingSummary summary = model.summary();
    assertEquals(3, summary.totalIterations());
    assertEquals(StopReason.MAX_ITER, summary.stopReason());
    for (int iteration = 0; iteration < 3; iteration++) {
      IterationRecord record = summary.history().get(iteration);
      ObjectiveTerms terms = record.terms();
      double sum =
          terms.get("reconstruction")
              + terms.get("weightDecay")
              + terms.get("sparsity1")
              + terms.get("sparsity2");
      assertEquals(summary.objectiveHistory()[iteration], sum, 1e-15 * sum);
      assertEquals(iteration + 1, record.iteration());
      assertEquals(0, record.rows() % ROWS.length);
      assertTrue(record.rows() >= ROWS.length);
      assertTrue(record.seconds() > 0 && record.rowsPerSecond() > 0);
      assertTrue(Double.isNaN(record.validationObjective()));
    }
  }

  @Test
  void weightDecayIsThatOfTheWeights() {
    double squares = 0;
    for (String name :
        List.of("encoder.0.weight", "encoder.1.weight", "decoder.0.weight", "decoder.1.weight")) {
      squares += Arrays.stream(model.weights(name).toArray()).map(w -> w * w).sum();
    }
    List<IterationRecord> history = model.summary().history();
    double term = history.get(history.size() - 1).terms().get("weightDecay");
    assertEquals(0.5 * 1e-4 * squares, term, 1e-9 * term);
  }

  @Test
  void statisticsAreThoseOfTheTransformedTrainingRows() {
    CodeStatistics statistics = model.summary().statistics();
    List<Row> rows = model.transform(frame).collectAsList();
    double[] means = new double[4];
    double[] active = new double[4];
    double error = 0;
    for (Row row : rows) {
      double[] code = row.<Vector>getAs("code").toArray();
      for (int j = 0; j < 4; j++) {
        means[j] += code[j] / ROWS.length;
        active[j] += code[j] != 0 ? 1 : 0;
      }
      error += row.<Double>getAs("error") / ROWS.length;
    }
    assertEquals(90, statistics.rows());
    assertEquals(90, statistics.weight());
    assertEquals(2, statistics.meanActivations().size());
    assertEquals(5, statistics.meanActivations().get(0).length);
    assertArrayEquals(means, statistics.meanActivations().get(1), 1e-12);
    assertEquals(error, statistics.meanSquaredError(), 1e-12);
    assertEquals(Arrays.stream(active).sum() / ROWS.length, statistics.l0(), 1e-12);
    int[] dead = IntStream.range(0, 4).filter(j -> active[j] == 0).toArray();
    assertArrayEquals(dead, statistics.deadUnits());
    assertTrue(
        dead.length > 0 && dead.length < 4,
        "units beyond the threshold: " + Arrays.toString(active));
    assertEquals(1 - error * 6 / variance(ROWS), statistics.explainedVariance(), 1e-9);
  }

  /** {@code (1/n) sum of |x - mean x|^2}. */
  private static double variance(float[][] rows) {
    double sum = 0;
    for (int j = 0; j < rows[0].length; j++) {
      int column = j;
      double mean = Arrays.stream(rows).mapToDouble(row -> row[column]).average().orElseThrow();
      sum +=
          Arrays.stream(rows)
              .mapToDouble(row -> (row[column] - mean) * (row[column] - mean))
              .average()
              .orElseThrow();
    }
    return sum;
  }

  @Test
  void backendAndTimeAreNamed() {
    assertEquals(Gemm.backend() + ", " + Kernels.backend(), model.summary().kernelBackend());
    assertTrue(model.summary().kernelBackend().contains("BLAS"));
    double iterations = model.summary().history().stream().mapToDouble(r -> r.seconds()).sum();
    assertTrue(model.summary().seconds() >= iterations);
    assertEquals(0, model.summary().skippedRows());
  }

  /** Sums of squares cancel for equal rows: what is left of them is rounding, not variance. */
  @Test
  void constantColumnsHaveNoVarianceToExplain() {
    float[][] constant = new float[80][3];
    Arrays.fill(constant, new float[] {0.3f, 0.9f, 0.2f});
    SparseAutoencoderModel fitted = Fixtures.estimator().fit(TestFrames.frame(constant, 3));
    assertTrue(fitted.summary().statistics().meanSquaredError() > 0);
    assertEquals(0, fitted.summary().statistics().explainedVariance());
  }

  @Test
  void aSummaryPrintsFiguresAndNoArrays() {
    SparseAutoencoderTrainingSummary summary = model.summary();
    String text = summary.toString();
    assertTrue(
        text.startsWith("joint, 3 iterations, MAX_ITER: " + summary.history().get(2).terms()),
        text);
    assertTrue(text.contains("; 90 rows, mean squared error 0."), text);
    assertTrue(text.contains("dead units; 0 rows skipped, "), text);
    for (Object part :
        List.of(summary, summary.stages(), summary.history(), summary.statistics())) {
      assertFalse(part.toString().matches("(?s).*\\[[A-Z\\[]+@.*"), part.toString());
    }
  }

  @Test
  void aSavedModelKeepsItsSummary(@TempDir Path folder) throws Exception {
    String place = folder.resolve("model").toString();
    model.save(place);
    SparseAutoencoderModel loaded = SparseAutoencoderModel.load(place);
    ObjectMapper json = new ObjectMapper();
    assertEquals(
        json.<JsonNode>valueToTree(model.summary()), json.<JsonNode>valueToTree(loaded.summary()));
    assertEquals(model.summary().toString(), loaded.summary().toString());
    Files.delete(folder.resolve("model/.summary.json.crc"));
    Files.writeString(folder.resolve("model/summary.json"), "{\"stages\": 3");
    String damaged =
        assertThrows(IllegalArgumentException.class, () -> SparseAutoencoderModel.load(place))
            .getMessage();
    assertTrue(damaged.contains("summary.json is damaged ("), damaged);
    assertTrue(damaged.endsWith("or delete it and load the model without a summary"), damaged);
  }

  @Test
  void aModelSavedWithoutASummaryHasNone(@TempDir Path folder) throws Exception {
    model.save(folder.resolve("model").toString());
    Files.delete(folder.resolve("model/summary.json"));
    SparseAutoencoderModel loaded = SparseAutoencoderModel.load(folder.resolve("model").toString());
    assertFalse(loaded.hasSummary());
    assertEquals(
        "this model has no summary: only a model that fit made has one, and its copies and saved files",
        assertThrows(IllegalStateException.class, loaded::summary).getMessage());
  }
}

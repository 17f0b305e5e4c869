package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/** Fits on corrupted rows: the same by tree and all-reduce, cut off or not, dense or sparse. */
@ExtendWith(LocalSpark.class)
class CorruptionFitTest {
  private static final int INPUTS = 9;
  private static final float[][] ROWS = TestFrames.rows(120, INPUTS, 2);
  private static final List<float[][]> HALVES = TestFrames.splitBySize(ROWS, 70, 50);

  @TempDir private Path parent;

  private static SparseAutoencoder estimator(String corruption, double level) {
    return Fixtures.estimator()
        .setSolver("adam")
        .setAggregation("tree")
        .setBatchSize(37)
        .setMaxIter(4)
        .setCorruption(corruption)
        .setCorruptionLevel(level);
  }

  private static Dataset<Row> frame(int... sizes) {
    return TestFrames.frame(InputType.DENSE_VECTOR, TestFrames.splitBySize(ROWS, sizes));
  }

  private static void assertClose(float[] expected, float[] actual) {
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 1e-4f * (1 + Math.abs(expected[i])));
    }
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }

  @Test
  void isKeptByFilesAndPipelines() throws Exception {
    Dataset<Row> rows = frame(70, 50);
    SparseAutoencoder estimator = estimator("gaussian", 0.3).setReconstructionCol("clean");
    String saved = parent.resolve("pipeline").toString();
    new Pipeline().setStages(new PipelineStage[] {estimator}).save(saved);
    PipelineModel model = Pipeline.load(saved).fit(rows);
    SparseAutoencoderModel stage = (SparseAutoencoderModel) model.stages()[0];
    assertArrayEquals(estimator.fit(rows).parameters(), stage.parameters());

    String fitted = parent.resolve("model").toString();
    model.save(fitted);
    PipelineModel loaded = PipelineModel.load(fitted);
    assertEquals("gaussian", ((SparseAutoencoderModel) loaded.stages()[0]).getCorruption());
    assertEquals(model.transform(rows).collectAsList(), loaded.transform(rows).collectAsList());
  }

  @ParameterizedTest
  @CsvSource({"masking, 0.3", "gaussian, 0.3", "saltAndPepper, 0.3"})
  void neitherAggregationNorPartitionsShow(String corruption, double level) {
    SparseAutoencoder estimator = estimator(corruption, level);
    float[] tree = estimator.fit(frame(70, 50)).parameters();
    assertArrayEquals(Fixtures.sparkFree(estimator, HALVES).parameters(), tree);
    assertClose(tree, estimator.fit(frame(1, 0, 30, 89)).parameters());
    estimator.setAggregation("allReduce");
    float[] reduced = estimator.fit(frame(70, 50)).parameters();
    assertClose(tree, reduced);
    assertArrayEquals(reduced, estimator.fit(frame(70, 50)).parameters());
    assertClose(tree, estimator.setNumWorkers(1).fit(frame(70, 50)).parameters());
    float[] clean = estimator.setCorruption("none").fit(frame(70, 50)).parameters();
    assertTrue(distance(clean, tree) > 1e-2);
  }

  @Test
  void lbfgsHasOneNoiseForTheRun() {
    SparseAutoencoder estimator = estimator("gaussian", 0.3).setSolver("l-bfgs").setMaxIter(8);
    SparseAutoencoderModel model = estimator.fit(frame(70, 50));
    assertArrayEquals(Fixtures.sparkFree(estimator, HALVES).parameters(), model.parameters());
    double[] objectives = model.summary().objectiveHistory();
    for (int iteration = 1; iteration < objectives.length; iteration++) {
      assertTrue(objectives[iteration] <= objectives[iteration - 1], Arrays.toString(objectives));
    }
  }

  /** Whether a row is kept dense or sparse, the same of its values are masked. */
  @Test
  void sparseRowsAreMaskedLikeDenseOnes() {
    float[][] rows = new float[120][40];
    for (int i = 0; i < rows.length; i++) {
      rows[i][i % 40] = 1;
      rows[i][(7 * i + 3) % 40] = 0.5f;
    }
    List<float[][]> parts = TestFrames.split(rows, 2);
    SparseAutoencoder estimator = estimator("masking", 0.4);
    for (String aggregation : List.of("tree", "allReduce")) {
      estimator.setAggregation(aggregation);
      float[] dense = estimator.fit(TestFrames.frame(InputType.DENSE_VECTOR, parts)).parameters();
      assertClose(
          dense, estimator.fit(TestFrames.frame(InputType.SPARSE_VECTOR, parts)).parameters());
    }
    for (String corruption : List.of("gaussian", "saltAndPepper")) {
      Dataset<Row> sparse = TestFrames.frame(InputType.SPARSE_VECTOR, parts);
      String message =
          assertThrows(IllegalArgumentException.class, () -> estimator(corruption, 0.1).fit(sparse))
              .getMessage();
      assertEquals(
          "corruption = "
              + corruption
              + " changes zeros, too, but column 'features' has SparseVectors of few values, which"
              + " would all become dense: use corruption = masking, or make the column dense"
              + " (Vector.toDense, or an array)",
          message);
    }
  }

  @ParameterizedTest
  @EnumSource(CheckpointFitTest.Way.class)
  void goesOnFromACheckpointToTheSameBits(CheckpointFitTest.Way way) throws Exception {
    SparseAutoencoder estimator = estimator("masking", 0.3).setMaxIter(5);
    way.choose(estimator);
    float[] undisturbed = estimator.fit(frame(70, 50)).parameters();
    Path directory = parent.resolve("checkpoints");
    SparseAutoencoder kept =
        estimator.setCheckpointDir(directory.toString()).setCheckpointInterval(2);
    assertArrayEquals(undisturbed, kept.fit(frame(70, 50)).parameters());
    Files.delete(directory.resolve("checkpoint-%08d.safetensors".formatted(5)));
    assertArrayEquals(undisturbed, kept.fit(frame(70, 50)).parameters());

    assertRefused(kept.setCorruptionLevel(0.2), "corruptionLevel is 0.2, the checkpoint has 0.3");
    assertRefused(
        kept.setCorruptionLevel(0.3).setCorruption("saltAndPepper"),
        "corruption is saltAndPepper, the checkpoint has masking");
    assertRefused(kept.setCorruption("none"), "corruption is not set, the checkpoint has masking");
  }

  private static void assertRefused(SparseAutoencoder estimator, String difference) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> estimator.fit(frame(70, 50)))
            .getMessage();
    assertTrue(message.contains(difference), message);
  }

  /** Each layer's own input is corrupted, as one-layer estimators would. */
  @Test
  void greedyLayersAreThoseOfOneLayerEstimators() {
    SparseAutoencoder estimator =
        estimator("gaussian", 0.2).setHiddenLayers(6, 3).setLayerTraining("greedy");
    SparseAutoencoderModel stacked = estimator.fit(frame(70, 50));
    SparseAutoencoder first = estimator("gaussian", 0.2).setHiddenLayers(6);
    SparseAutoencoderModel one = first.fit(frame(70, 50));
    assertArrayEquals(one.parameters(), stacked.layer(1).parameters());
    SparseAutoencoder second =
        estimator("gaussian", 0.2)
            .setHiddenLayers(3)
            .setOutputActivation("sigmoid")
            .setInputCol("code")
            .setOutputCol("second");
    SparseAutoencoderModel two = second.fit(one.transform(frame(70, 50)));
    assertArrayEquals(two.parameters(), stacked.layer(2).parameters());
  }

  /** The summary is about what transform makes of rows as they are. */
  @Test
  void statisticsAreOfCleanRows() {
    SparseAutoencoderModel model = estimator("masking", 0.5).fit(frame(70, 50));
    double error =
        new ReconstructionEvaluator()
            .setInputCol(TestFrames.FEATURES)
            .setReconstructionCol("reconstruction")
            .setMetricName("mse")
            .evaluate(
                model
                    .copy(ParamMap.empty())
                    .setReconstructionCol("reconstruction")
                    .transform(frame(70, 50)));
    assertEquals(error, model.summary().statistics().meanSquaredError(), 1e-6 * error);
  }

  @Test
  void levelsOutOfRangeAreRefusedBeforeAnyWork() {
    assertRefused(
        estimator("masking", 1),
        "corruptionLevel must be in [0, 1) with corruption = masking, the share of values that are"
            + " replaced; got 1.0");
    assertRefused(estimator("saltAndPepper", 1.5), "corruptionLevel must be in [0, 1) with");
  }
}

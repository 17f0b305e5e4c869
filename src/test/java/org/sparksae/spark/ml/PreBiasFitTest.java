package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparksae.core.model.ParameterLayout;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.nn.DecoderVectors;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/** {@code preBias} and {@code initMode}: from the Param to the saved model. */
@ExtendWith(LocalSpark.class)
class PreBiasFitTest {
  private static final int INPUTS = 9;

  @TempDir private Path folder;

  private static float[][] rows;
  private static Dataset<Row> frame;

  @BeforeAll
  static void rows() {
    rows = TestFrames.rows(120, INPUTS, 2);
    for (float[] row : rows) {
      row[0] += 40;
    }
    rows[5][1] = 9000;
    frame = TestFrames.frame(rows, 2);
  }

  private static SparseAutoencoder estimator() {
    return Fixtures.estimator()
        .setHiddenLayers(20)
        .setK(4)
        .setTopKBy("value")
        .setActivation("relu")
        .setSolver("adam")
        .setBatchSize(37)
        .setMaxIter(3)
        .setPreBias("mean");
  }

  private static float[] decoderBias(AutoencoderModel<?> model) {
    Tensor bias = model.spec().layout().tensor(ParameterLayout.decoderBias(1));
    return Arrays.copyOfRange(model.parameters(), bias.offset(), bias.end());
  }

  private static float[] startOf(SparseAutoencoder estimator) {
    return decoderBias(estimator.setMaxIter(0).fit(frame));
  }

  @Test
  void theBiasStartsAtTheCentre() {
    double[] mean = new double[INPUTS];
    for (float[] row : rows) {
      for (int j = 0; j < INPUTS; j++) {
        mean[j] += (double) row[j] / rows.length;
      }
    }
    float[] found = startOf(estimator());
    for (int j = 0; j < INPUTS; j++) {
      assertEquals(mean[j], found[j], 1e-5);
    }
    assertTrue(mean[1] > 70, "one row moves the mean");
    float[] median = startOf(estimator().setPreBias("geometricMedian"));
    assertEquals(mean[0], median[0], 1);
    assertEquals(0, median[1], 1);
    assertArrayEquals(new float[INPUTS], startOf(estimator().setPreBias("zeros")));
    assertArrayEquals(found, startOf(estimator().setSolver("l-bfgs")));
  }

  @ParameterizedTest
  @CsvSource({"adam, tree", "adam, allReduce", "l-bfgs, auto"})
  void savedModelsAndResumedTrainingsHaveTheSameBits(String solver, String aggregation)
      throws IOException {
    SparseAutoencoder estimator = estimator().setSolver(solver).setAggregation(aggregation);
    SparseAutoencoderModel whole = estimator.fit(frame);
    whole.save(folder.resolve("model").toString());
    SparseAutoencoderModel loaded = SparseAutoencoderModel.load(folder.resolve("model").toString());
    assertTrue(loaded.spec().preBias());
    assertEquals("mean", loaded.getPreBias());
    assertArrayEquals(whole.parameters(), loaded.parameters());
    assertEquals(whole.transform(frame).collectAsList(), loaded.transform(frame).collectAsList());

    estimator.setCheckpointDir(folder.resolve("checkpoints").toString()).setCheckpointInterval(1);
    estimator.setMaxIter(2).fit(frame);
    assertArrayEquals(whole.parameters(), estimator.setMaxIter(3).fit(frame).parameters());
    assertRefused(estimator.setPreBias("zeros"), "preBias is zeros, the checkpoint has mean");
    assertRefused(estimator.setPreBias("none"), "preBias is not set, the checkpoint has mean");
  }

  /** The fit knows neither rows nor seed then. */
  @Test
  void anInitialModelGivesTheBias() throws IOException {
    String path = folder.resolve("model").toString();
    SparseAutoencoderModel model = estimator().setPreBias("zeros").fit(frame);
    model.save(path);
    SparseAutoencoderModel next = estimator().setInitialModel(path).setMaxIter(0).fit(frame);
    assertArrayEquals(model.parameters(), next.parameters());
    assertRefused(
        estimator().setPreBias("none").setInitialModel(path),
        "does not fit: preBias is none, the model's is not none");
  }

  @Test
  void weightsStartTied() {
    SparseAutoencoder tied = estimator().setInitMode("tied").setInitDecoderNorm(0.1).setMaxIter(0);
    SparseAutoencoderModel model = tied.fit(frame);
    for (double length : DecoderVectors.lengths(model.spec(), model.parameters())) {
      assertEquals(0.1, length, 1e-7);
    }
    tied.setMaxIter(1).setCheckpointDir(folder.resolve("checkpoints").toString()).fit(frame);
    assertRefused(tied.setInitDecoderNorm(0.2), "initDecoderNorm is 0.2, the checkpoint has 0.1");
  }

  @Test
  void whatCannotBeIsRefusedBeforeTraining() {
    assertRefused(estimator().setHiddenLayers(8, 20), "preBias needs one hidden layer, got 2");
    assertRefused(
        estimator().setOutputActivation("sigmoid"),
        "preBias needs outputActivation 'linear', got 'sigmoid'");
    assertRefused(
        estimator().setInitDecoderNorm(2),
        "initDecoderNorm needs initMode = tied, since glorot draws vectors of any length; got 2.0");
    assertRefused(
        estimator().setInitMode("tied").setInitDecoderNorm(2).setDecoderNorm("unit"),
        "initDecoderNorm must be 1 with decoderNorm = unit, got 2.0");
    assertRefused(
        estimator().setSolver("l-bfgs").setSparsityWarmupSteps(9),
        "sparsityWarmupSteps needs solver = adam, since l-bfgs needs an objective that stays the"
            + " same; got 9");
  }

  private static void assertRefused(SparseAutoencoder estimator, String says) {
    String problem =
        assertThrows(IllegalArgumentException.class, () -> estimator.fit(frame)).getMessage();
    assertTrue(problem.contains(says), problem);
  }
}

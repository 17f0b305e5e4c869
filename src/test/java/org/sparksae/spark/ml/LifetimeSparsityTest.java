package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.LifetimeSparsity;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.train.TrainingResult;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;
import org.sparksae.spark.ml.param.SpecBuilder;

/** Autoencoders whose units keep the winners of a batch, from Params to files. */
@ExtendWith(LocalSpark.class)
class LifetimeSparsityTest {
  private static final int INPUTS = 9;
  private static final int UNITS = 12;
  private static final float[][] ROWS = TestFrames.rows(120, INPUTS, 2);
  private static final List<float[][]> PARTITIONS = TestFrames.splitBySize(ROWS, 70, 0, 50);

  @TempDir private Path folder;

  private static SparseAutoencoder estimator() {
    return Fixtures.estimator()
        .setHiddenLayers(UNITS)
        .setLifetimeSparsity(0.1)
        .setSolver("adam")
        .setAggregation("tree")
        .setMaxIter(3);
  }

  private static Dataset<Row> frame() {
    return TestFrames.frame(InputType.DENSE_VECTOR, PARTITIONS);
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void itAloneGivesACodeOfReluWithoutAPenalty() {
    assertEquals(
        List.of(new HiddenLayer(UNITS, Activation.RELU, Sparsity.NONE, new LifetimeSparsity(0.1))),
        SpecBuilder.build(estimator(), INPUTS, 0).hiddenLayers());
  }

  @ParameterizedTest(name = "{0}, share {1}, tied {2}")
  @CsvSource({"l-bfgs, 0.1, false", "adam, 0.3, true"})
  void trainsToTheBitsOfTheSparkFreeLoop(String solver, double share, boolean tied) {
    SparseAutoencoder estimator =
        estimator().setSolver(solver).setLifetimeSparsity(share).setTiedWeights(tied);
    SparseAutoencoderModel model = estimator.fit(frame());
    TrainingResult sparkFree = Fixtures.sparkFree(estimator, PARTITIONS);
    assertArrayEquals(sparkFree.parameters(), model.parameters());
    double[] objectives = model.summary().objectiveHistory();
    assertArrayEquals(
        sparkFree.history().stream().mapToDouble(iteration -> iteration.terms().total()).toArray(),
        objectives);
    assertTrue(objectives[objectives.length - 1] < objectives[0], Arrays.toString(objectives));
  }

  /** Rounding apart, neither how nor among how many the winners are found shows. */
  @Test
  void aggregationWorkersAndPartitionsMakeNoDifference() {
    float[] tree = estimator().fit(frame()).parameters();
    SparseAutoencoder allReduce = estimator().setAggregation("allReduce");
    for (int[] sizes : new int[][] {{120}, {70, 50}, {1, 0, 30, 89}}) {
      Dataset<Row> rows =
          TestFrames.frame(InputType.DENSE_VECTOR, TestFrames.splitBySize(ROWS, sizes));
      assertArrayEquals(tree, allReduce.setNumWorkers(2).fit(rows).parameters(), 2e-5f);
    }
    float[] plain = estimator().setLifetimeSparsity(0.9).fit(frame()).parameters();
    float largest = 0;
    for (int p = 0; p < plain.length; p++) {
      largest = Math.max(largest, Math.abs(plain[p] - tree[p]));
    }
    assertTrue(largest > 1e-2, "another share is another model");
  }

  @ParameterizedTest
  @CsvSource({"adam, tree", "adam, allReduce", "l-bfgs, auto"})
  void goesOnFromACheckpointToTheSameBits(String solver, String aggregation) {
    SparseAutoencoder estimator =
        estimator().setSolver(solver).setAggregation(aggregation).setNumWorkers(2);
    SparseAutoencoderModel undisturbed = estimator.fit(frame());
    estimator.setCheckpointDir(path("checkpoints")).setCheckpointInterval(1);
    estimator.setMaxIter(1).fit(frame());
    assertArrayEquals(undisturbed.parameters(), estimator.setMaxIter(3).fit(frame()).parameters());
    String refused = refusal(() -> estimator.setLifetimeSparsity(0.25).fit(frame()));
    assertTrue(refused.contains("lifetimeSparsity is 0.25, the checkpoint has 0.1"), refused);
  }

  /** Among other rows, and alone, a row has the same code. */
  @Test
  void transformGivesThePlainCodes() {
    SparseAutoencoderModel model = estimator().fit(frame());
    List<Row> encoded = model.transform(frame()).collectAsList();
    int active = 0;
    for (int i = 0; i < ROWS.length; i++) {
      Vector code = encoded.get(i).getAs("code");
      double[] z =
          model
              .weights("encoder.0.weight")
              .multiply(Vectors.dense(TestFrames.doubles(ROWS[i])))
              .toArray();
      for (int j = 0; j < UNITS; j++) {
        double expected = Math.max(0, z[j] + model.parameters()[UNITS * INPUTS + j]);
        assertEquals(expected, code.apply(j), 1e-5);
        active += expected > 0 ? 1 : 0;
      }
    }
    assertEquals(active / 120.0, model.summary().statistics().l0(), 0.05);
    assertTrue(active > 0.2 * UNITS * ROWS.length, "more than the winners: " + active);
  }

  @Test
  void keepsAllThatItIsThroughFilesPipelinesAndLayers() throws IOException {
    SparseAutoencoder estimator = estimator().setReconstructionErrorCol("error");
    PipelineModel pipeline = new Pipeline().setStages(new PipelineStage[] {estimator}).fit(frame());
    SparseAutoencoderModel model =
        assertInstanceOf(SparseAutoencoderModel.class, pipeline.stages()[0]);
    pipeline.save(path("pipeline"));
    SparseAutoencoderModel loaded =
        assertInstanceOf(
            SparseAutoencoderModel.class, PipelineModel.load(path("pipeline")).stages()[0]);
    assertEquals(Fixtures.values(model), Fixtures.values(loaded));
    assertEquals(model.spec(), loaded.spec());
    assertEquals(
        model.transform(frame()).collectAsList(), loaded.transform(frame()).collectAsList());
    assertEquals(0.1, loaded.layer(1).getLifetimeSparsity());

    loaded.save(path("model"));
    String file =
        new String(
            Files.readAllBytes(folder.resolve("model/weights.safetensors")),
            StandardCharsets.ISO_8859_1);
    assertTrue(file.contains("\"formatVersion\":\"4\""), file.substring(0, 600));
    SparseAutoencoder further = estimator().setInitialModel(path("model")).setMaxIter(0);
    assertArrayEquals(
        model.parameters(), further.setLifetimeSparsity(0.2).fit(frame()).parameters());
    SparseAutoencoder plain =
        Fixtures.estimator()
            .setHiddenLayers(UNITS)
            .setActivation("relu")
            .setSparsity("none")
            .setInitialModel(path("model"));
    assertTrue(
        refusal(() -> plain.fit(frame()))
            .contains("lifetimeSparsity is not set, the model's is set"));
  }

  /** The code layer alone competes, and each layer before it has its own penalty. */
  @Test
  void theLastLayerOfAStackHasIt() {
    SparseAutoencoder stack =
        estimator()
            .setHiddenLayers(8, UNITS)
            .setSparsity("l1", "none")
            .setLayerTraining("greedyThenJoint")
            .setMaxIter(2);
    SparseAutoencoderModel model = stack.fit(frame());
    assertEquals(CodeForm.ALL, model.spec().hiddenLayers().get(0).form());
    assertEquals(3, model.summary().stages().size());
    assertThrows(
        java.util.NoSuchElementException.class, () -> model.layer(1).getLifetimeSparsity());
    assertEquals(new LifetimeSparsity(0.1), model.layer(2).spec().code().form());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.1, Double.NaN})
  void shareIsBetween0And1(double share) {
    assertEquals(
        "lifetimeSparsity must be in (0, 1), got " + share,
        refusal(() -> estimator().setLifetimeSparsity(share)));
  }

  @Test
  void whatDoesNotGoTogetherIsRefused() {
    assertEquals(
        "lifetimeSparsity needs activation 'relu', whose 0 means an inactive unit; got"
            + " 'sigmoid'",
        refusal(() -> estimator().setActivation("sigmoid").fit(frame())));
    assertEquals(
        "lifetimeSparsity and k exclude each other, as both say which activations are kept; clear"
            + " one",
        refusal(() -> estimator().setK(3).fit(frame())));
    assertEquals(
        "lifetimeSparsity makes the code sparse by itself: sparsity must be 'none' for the last of"
            + " the hiddenLayers, got 'l1'",
        refusal(() -> estimator().setSparsity("l1").fit(frame())));
  }

  private static String refusal(Executable executable) {
    return assertThrows(IllegalArgumentException.class, executable).getMessage();
  }
}

package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparksae.core.model.Gated;
import org.sparksae.core.model.JumpRelu;
import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.model.ParameterLayout;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.TensorRole;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/** JumpReLU and Gated, from Params to files. */
@ExtendWith(LocalSpark.class)
class GateFamilyTest {
  private static final int INPUTS = 9;
  private static final int UNITS = 24;
  private static final float[][] ROWS = TestFrames.rows(120, INPUTS, 2);

  @TempDir private Path folder;

  private static SparseAutoencoder estimator() {
    SparseAutoencoder estimator =
        Fixtures.estimator()
            .setHiddenLayers(UNITS)
            .setSolver("adam")
            .setAggregation("allReduce")
            .setInputNorm("none")
            .setNumWorkers(2)
            .setBatchSize(37)
            .setSparsityWeights(0.05)
            .setMaxIter(4);
    estimator.clear(estimator.sparsityTargets());
    return estimator;
  }

  private static SparseAutoencoder jump() {
    return estimator()
        .setJumpReluThreshold(0.1)
        .setJumpReluBandwidth(0.2)
        .setSparsityWeights(0.001);
  }

  private static SparseAutoencoder gated() {
    return estimator().setGated(true);
  }

  private static Dataset<Row> frame() {
    return TestFrames.frame(InputType.DENSE_VECTOR, TestFrames.splitBySize(ROWS, 70, 50));
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private static float[] tensor(SparseAutoencoderModel model, TensorRole role) {
    Tensor tensor = model.spec().layout().tensor(ParameterLayout.ofCode(1, role));
    return Arrays.copyOfRange(model.parameters(), tensor.offset(), tensor.end());
  }

  /** A pre-activation without its bias: the encoder subtracts the decoder's bias from a row. */
  private static double linear(float[] parameters, float[] x, int unit) {
    int centre = UNITS * INPUTS + UNITS + UNITS * INPUTS;
    double sum = 0;
    for (int c = 0; c < INPUTS; c++) {
      sum += (double) parameters[unit * INPUTS + c] * (x[c] - parameters[centre + c]);
    }
    return sum;
  }

  private static ObjectiveTerms lastTerms(SparseAutoencoderModel model) {
    return model.summary().stages().get(0).history().get(3).terms();
  }

  @Test
  void aModelKeepsWhatExceedsTheThresholdsThatItHasLearned() throws IOException {
    SparseAutoencoderModel model = jump().fit(frame());
    assertEquals(new JumpRelu(), model.spec().code().form());
    float[] thresholds = tensor(model, TensorRole.THRESHOLD);
    assertTrue(thresholds[0] > 0 && thresholds[0] != 0.1f && thresholds[0] != thresholds[1]);
    float[] parameters = model.parameters();
    List<Row> encoded = model.transform(frame()).collectAsList();
    int active = 0;
    for (int i = 0; i < ROWS.length; i++) {
      Vector code = encoded.get(i).getAs("code");
      for (int j = 0; j < UNITS; j++) {
        double z = linear(parameters, ROWS[i], j) + parameters[UNITS * INPUTS + j];
        if (Math.abs(z - thresholds[j]) > 1e-5) {
          assertEquals(z > thresholds[j] ? z : 0, code.apply(j), 1e-5);
        }
        active += code.apply(j) != 0 ? 1 : 0;
      }
    }
    assertTrue(active > 120 && active < 120 * UNITS, "active " + active);
    assertEquals(active / 120.0, model.summary().statistics().l0(), 1e-9);
    assertTrue(lastTerms(model).get("sparsity1") > 0);
    assertSaved(model, jump());
    // The next training goes on from these thresholds.
    SparseAutoencoderModel further =
        jump().setInitialModel(path("model")).setMaxIter(0).fit(frame());
    assertArrayEquals(parameters, further.parameters());
    assertEquals(0.1f, tensor(jump().setMaxIter(0).fit(frame()), TensorRole.THRESHOLD)[5]);
  }

  @Test
  void thresholdsOfACompetitionAreAStart() {
    SparseAutoencoder competing = estimator().setBatchTopK(2.5).setDecoderNorm("free");
    SparseAutoencoderModel model = competing.fit(frame());
    assertDoesNotThrow(() -> model.save(path("model")));
    SparseAutoencoder estimator = jump().setDecoderNorm("free").setInitialModel(path("model"));
    assertArrayEquals(model.parameters(), estimator.setMaxIter(0).fit(frame()).parameters());
    float[] before = tensor(model, TensorRole.THRESHOLD);
    assertTrue(before[0] > 0);
    // So wide that some pre-activations are near a threshold.
    SparseAutoencoderModel further = estimator.setJumpReluBandwidth(9).setMaxIter(4).fit(frame());
    assertFalse(Arrays.equals(before, tensor(further, TensorRole.THRESHOLD)));
    String refused = refusal(() -> jump().setInitialModel(path("model")).fit(frame()));
    assertTrue(refused.contains("decoderNorm is unit, the model's is free"), refused);
  }

  @Test
  void aModelEncodesByGatesAndMagnitudes() throws IOException {
    SparseAutoencoderModel model = gated().fit(frame());
    assertEquals(new Gated(), model.spec().code().form());
    float[] parameters = model.parameters();
    float[] logScales = tensor(model, TensorRole.LOG_SCALE);
    float[] biases = tensor(model, TensorRole.MAGNITUDE_BIAS);
    assertTrue(logScales[0] != 0 && biases[0] != 0);
    List<Row> encoded = model.transform(frame()).collectAsList();
    for (int i = 0; i < ROWS.length; i++) {
      Vector code = encoded.get(i).getAs("code");
      for (int j = 0; j < UNITS; j++) {
        double g = linear(parameters, ROWS[i], j);
        double gate = g + parameters[UNITS * INPUTS + j];
        double magnitude = Math.max(0, Math.exp(logScales[j]) * g + biases[j]);
        if (Math.abs(gate) > 1e-5) {
          assertEquals(gate > 0 ? magnitude : 0, code.apply(j), 1e-5);
        }
      }
    }
    ObjectiveTerms terms = lastTerms(model);
    assertEquals(List.of("reconstruction", "weightDecay", "sparsity1", "auxiliary"), terms.names());
    assertTrue(terms.get("sparsity1") > 0 && terms.get("auxiliary") > 0);
    assertSaved(model, gated());
  }

  /** A saved model is the same, alone and in a pipeline; other kinds refuse it as a start. */
  private void assertSaved(SparseAutoencoderModel model, SparseAutoencoder estimator)
      throws IOException {
    List<Row> encoded = model.transform(frame()).collectAsList();
    model.save(path("model"));
    SparseAutoencoderModel loaded = SparseAutoencoderModel.load(path("model"));
    assertEquals(model.spec(), loaded.spec());
    assertArrayEquals(model.parameters(), loaded.parameters());
    assertEquals(encoded, loaded.transform(frame()).collectAsList());
    assertEquals(Fixtures.values(model), Fixtures.values(loaded));
    String file =
        new String(
            Files.readAllBytes(folder.resolve("model/weights.safetensors")),
            StandardCharsets.ISO_8859_1);
    assertTrue(file.contains("\"formatVersion\":\"5\""), file.substring(0, 600));
    PipelineModel pipeline = new Pipeline().setStages(new PipelineStage[] {estimator}).fit(frame());
    try {
      pipeline.save(path("pipeline"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    assertEquals(encoded, PipelineModel.load(path("pipeline")).transform(frame()).collectAsList());
    String refused =
        refusal(
            () ->
                estimator()
                    .setK(2)
                    .setActivation("relu")
                    .setInitialModel(path("model"))
                    .fit(frame()));
    assertTrue(refused.contains("is not set, the model's is set"), refused);
  }

  @ParameterizedTest
  @CsvSource({"tree, false", "allReduce, false", "tree, true", "allReduce, true"})
  void goesOnFromACheckpointToTheSameBits(String aggregation, boolean gated) {
    SparseAutoencoder estimator =
        (gated ? gated() : jump().setSparsity("targetL0").setSparsityTargets(3))
            .setAggregation(aggregation)
            .setPreBias("mean")
            .setSparsityWarmupSteps(7);
    SparseAutoencoderModel undisturbed = estimator.fit(frame());
    estimator.setCheckpointDir(path("checkpoints")).setCheckpointInterval(1);
    estimator.setMaxIter(2).fit(frame());
    SparseAutoencoderModel resumed = estimator.setMaxIter(4).fit(frame());
    assertArrayEquals(undisturbed.parameters(), resumed.parameters());
    if (!gated) {
      String refused = refusal(() -> estimator.setJumpReluBandwidth(0.3).fit(frame()));
      assertTrue(refused.contains("jumpReluBandwidth is 0.3, the checkpoint has 0.2"), refused);
    }
  }

  @Test
  void treeAndWorkersAgree() {
    for (SparseAutoencoder estimator :
        List.of(
            jump().setSparsity("targetL0").setSparsityTargets(3),
            jump().setSparsity("tanh").setPreActivationWeight(0.01),
            gated())) {
      SparseAutoencoderModel workers = estimator.fit(frame());
      SparseAutoencoderModel tree = estimator.setAggregation("tree").fit(frame());
      assertArrayEquals(tree.parameters(), workers.parameters(), 2e-5f);
    }
  }

  @Test
  void thePreActivationLossIsATermAndPartOfTheTraining() {
    SparseAutoencoder estimator = jump().setSparsity("tanh");
    SparseAutoencoderModel model = estimator.fit(frame());
    assertTrue(lastTerms(model).get("auxiliary") > 0);
    estimator.setCheckpointDir(path("checkpoints")).setCheckpointInterval(1).setMaxIter(2);
    estimator.fit(frame());
    assertArrayEquals(
        model.parameters(), estimator.setMaxIter(4).fit(frame()).parameters(), "resumed");
    String refused = refusal(() -> estimator.setPreActivationWeight(0.5).fit(frame()));
    assertTrue(refused.contains("preActivationWeight is 0.5, the checkpoint has 1.5E-6"), refused);
    assertEquals(
        "preActivationWeight must be 0 or more and finite, got -1.0",
        refusal(() -> jump().setPreActivationWeight(-1)));
  }

  @Test
  void whatDoesNotGoTogetherIsRefused() {
    assertEquals(
        "jumpReluThreshold must be above 0 and finite in float32 (from 1.2e-38 to 3.4e38), got 0.0",
        refusal(() -> jump().setJumpReluThreshold(0)));
    assertEquals(
        "jumpReluBandwidth must be above 0 and finite in float32 (from 1.2e-38 to 3.4e38), got -1.0",
        refusal(() -> jump().setJumpReluBandwidth(-1)));
    assertEquals(
        "jumpReluThreshold and k exclude each other, as both say which activations are kept; clear"
            + " one",
        refusal(() -> jump().setK(3).fit(frame())));
    assertEquals(
        "gated and jumpReluThreshold exclude each other, as both say which activations are kept;"
            + " clear one",
        refusal(() -> jump().setGated(true).fit(frame())));
    assertEquals(
        "lifetimeSparsity and gated exclude each other, as both say which activations are kept;"
            + " clear one",
        refusal(() -> gated().setLifetimeSparsity(0.1).fit(frame())));
    for (String name : List.of("jumpReluThreshold", "gated")) {
      boolean gated = name.equals("gated");
      assertEquals(
          name
              + " needs solver = adam, since its gradient is an estimate, which does not suit the"
              + " line search of l-bfgs; set solver = adam",
          refusal(() -> of(gated).setSolver("l-bfgs").setAggregation("auto").fit(frame())));
      assertEquals(
          name + " needs one hidden layer, got 2; use k for a deep model",
          refusal(() -> of(gated).setHiddenLayers(5, UNITS).fit(frame())));
      for (String other : List.of("linear", "sigmoid")) {
        assertEquals(
            name + " needs activation 'relu', whose 0 means an inactive unit; got '" + other + "'",
            refusal(() -> of(gated).setActivation(other).fit(frame())));
      }
      assertEquals(
          "auxK needs k or batchTopK, which select a few latents of a row; set one, or clear auxK",
          refusal(() -> of(gated).setAuxK(2).fit(frame())));
      assertEquals(
          "with "
              + name
              + ", sparsity must be one of "
              + (gated ? "l1, none" : "l0, targetL0, tanh, none")
              + " for the last of the hiddenLayers, got 'kl'",
          refusal(() -> of(gated).setSparsity("kl").fit(frame())));
    }
    assertEquals(
        "gated reconstructs from its gates, too, so it needs outputActivation = linear, got"
            + " 'sigmoid'",
        refusal(() -> gated().setOutputActivation("sigmoid").fit(frame())));
    assertEquals(
        "sparsity 'l0' moves thresholds, so it needs jumpReluThreshold; set it, or use sparsity ="
            + " l1",
        refusal(() -> estimator().setSparsity("l0").fit(frame())));
    assertEquals(
        "preActivationWeight needs jumpReluThreshold, as it draws units to their thresholds; set"
            + " it, or clear preActivationWeight; got 0.5",
        refusal(() -> estimator().setK(3).setPreActivationWeight(0.5).fit(frame())));
    assertEquals(
        "sparsityTargets[0] must be in [1, 24] with sparsity 'targetL0': the mean number of active"
            + " units of a row; got 0.05",
        refusal(() -> jump().setSparsity("targetL0").fit(frame())));
  }

  private static SparseAutoencoder of(boolean gated) {
    return gated ? gated() : jump();
  }

  private static String refusal(Executable executable) {
    return assertThrows(IllegalArgumentException.class, executable).getMessage();
  }
}

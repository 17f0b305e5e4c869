package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.ml.param.ParamMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.JumpReluTraining;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.ml.fit.BatchSize;

/** Defaults that depend on other Params, or on the rows. */
@ExtendWith(LocalSpark.class)
class DependentDefaultsTest {
  private static final float[][] ROWS = TestFrames.rows(900, 6, 2);

  private static SparseAutoencoder adam() {
    return new SparseAutoencoder()
        .setInputCol(TestFrames.FEATURES)
        .setHiddenLayers(4)
        .setSolver("adam")
        .setNumWorkers(2)
        .setMaxIter(1);
  }

  @Test
  void weightDecayIsOffWhereUnitsAreSelectedAndItIsNotSet() {
    assertEquals(1e-4, adam().getRegParam());
    assertEquals(0, adam().setK(2).getRegParam());
    assertEquals(0, adam().setLifetimeSparsity(0.1).getRegParam());
    assertEquals(0, adam().setBatchTopK(1.5).getRegParam());
    assertEquals(1e-4, adam().setK(2).setRegParam(1e-4).getRegParam());
    assertEquals(0.01, adam().setLifetimeSparsity(0.1).setRegParam(0.01).getRegParam());
    assertEquals(0, adam().setK(2).spec(6, 0).regParam());
    assertEquals(1e-4, adam().setK(2).setRegParam(1e-4).spec(6, 0).regParam());
  }

  @Test
  void aWideKindAloneIsTrainedAsTheFieldDoes() {
    SparseAutoencoder plain = new SparseAutoencoder().setHiddenLayers(4);
    assertEquals("l-bfgs", plain.getSolver());
    assertEquals("glorot", plain.copy(ParamMap.empty()).setK(2).getInitMode());
    assertEquals("none", plain.copy(ParamMap.empty()).setK(2).getInputNorm());
    for (UnaryOperator<SparseAutoencoder> kind :
        List.<UnaryOperator<SparseAutoencoder>>of(
            e -> e.setBatchTopK(1.5), e -> e.setJumpReluThreshold(0.01), e -> e.setGated(true))) {
      SparseAutoencoder estimator = kind.apply(new SparseAutoencoder().setHiddenLayers(4));
      assertEquals("adam", estimator.getSolver());
      assertEquals("mean", estimator.getPreBias());
      assertEquals("sqrtSize", estimator.getInputNorm());
      assertEquals("tied", estimator.getInitMode());
      assertEquals("unit", estimator.getDecoderNorm());
      assertTrue(estimator.spec(6, 0).preBias());
      assertFalse(estimator.setPreBias("none").spec(6, 0).preBias());
      assertEquals("glorot", estimator.setInitMode("glorot").getInitMode());
      assertEquals("l-bfgs", estimator.setSolver("l-bfgs").getSolver());
    }
    // Only a linear reconstruction can have a pre-bias.
    plain.setBatchTopK(1.5).setOutputActivation("sigmoid");
    assertEquals("none", plain.getPreBias());
    // Only one that is homogeneous can have any scale.
    assertEquals("none", plain.getInputNorm());
    assertEquals("sqrtSize", plain.setOutputActivation("relu").getInputNorm());
  }

  @Test
  void tanhHasThePreActivationLoss() {
    SparseAutoencoder estimator = adam().setJumpReluThreshold(0.01);
    assertEquals(0, estimator.getPreActivationWeight());
    assertEquals(new JumpReluTraining(0.01, 0.05), estimator.spec(6, 0).code().form());
    estimator.setSparsity("tanh");
    assertEquals(1.5e-6, estimator.getPreActivationWeight());
    assertEquals(new JumpReluTraining(0.01, 0.05, 1.5e-6), estimator.spec(6, 0).code().form());
    assertEquals(0, estimator.setPreActivationWeight(0).getPreActivationWeight());
    assertEquals(
        0.25, estimator.setSparsity("l0").setPreActivationWeight(0.25).getPreActivationWeight());
  }

  @Test
  void kindsThatLearnWhenUnitsAreActiveStartAsTheirPapersDo() {
    assertEquals("free", adam().setK(2).getDecoderNorm());
    for (SparseAutoencoder estimator :
        List.of(adam().setJumpReluThreshold(0.01), adam().setGated(true))) {
      assertEquals("unit", estimator.getDecoderNorm());
      assertEquals("free", estimator.setDecoderNorm("free").getDecoderNorm());
      assertEquals(0, estimator.getRegParam());
      assertEquals(Activation.RELU, estimator.spec(6, 0).code().activation());
      estimator.setSparsityWeights(2);
      assertEquals(2, estimator.spec(6, 0).code().sparsity().weight());
    }
    SparseAutoencoder jump = adam().setJumpReluThreshold(1);
    assertEquals(1, jump.spec(6, 0).code().sparsity().weight());
    jump.setSparsity("targetL0").setSparsityTargets(2);
    assertEquals(3, jump.spec(6, 0).code().sparsity().weight());
    assertEquals(2, jump.setTargetCol("y").spec(6, 4).code().sparsity().weight());
    assertEquals(2, adam().setGated(true).spec(6, 0).code().sparsity().weight());
    assertEquals(
        SparsityKind.L0, adam().setJumpReluThreshold(1).spec(6, 0).code().sparsity().kind());
    assertEquals(SparsityKind.L1, adam().setGated(true).spec(6, 0).code().sparsity().kind());
  }

  @Test
  void theModelAndItsLayersKeepTheWeightDecayTheyHad(@TempDir Path folder) throws Exception {
    SparseAutoencoderModel model =
        adam().setHiddenLayers(5, 4).setK(2).setActivation("relu").fit(TestFrames.frame(ROWS, 2));
    assertEquals(0, model.getRegParam());
    model.save(folder.resolve("model").toString());
    SparseAutoencoderModel loaded = SparseAutoencoderModel.load(folder.resolve("model").toString());
    assertEquals(0, loaded.getRegParam());
    assertEquals(0, loaded.spec().regParam());
    // Its k is not the first layer's, which has no default of its own.
    SparseAutoencoderModel first = loaded.layer(1);
    assertFalse(first.isDefined(first.k()));
    assertEquals(0, first.getRegParam());
  }

  @ParameterizedTest
  @CsvSource({
    "1, 16",
    "178, 16",
    "849, 16",
    "850, 17",
    "1797, 35",
    "10000, 200",
    "51199, 1023",
    "51200, 1024",
    "60000, 1024",
    "9000000000, 1024"
  })
  void batchesMakeFiftyStepsOfAnEpochOverFewRows(long rows, int batchSize) {
    assertEquals(batchSize, BatchSize.of(adam(), rows));
    assertEquals(7, BatchSize.of(adam().setBatchSize(7), rows));
  }

  @Test
  void theBatchSizeDependsOnRowsAloneAndStaysWithModelAndCheckpoint(@TempDir Path folder)
      throws Exception {
    SparseAutoencoderModel one =
        adam().setCheckpointDir(folder.toString()).fit(TestFrames.frame(ROWS, 1));
    SparseAutoencoderModel five = adam().fit(TestFrames.frame(ROWS, 5));
    SparseAutoencoderModel explicit = adam().setBatchSize(18).fit(TestFrames.frame(ROWS, 1));
    assertEquals(18, one.getBatchSize());
    assertEquals(18, five.getBatchSize());
    assertArrayEquals(explicit.parameters(), one.parameters());
    String run = Files.readString(folder.resolve("run.txt"), StandardCharsets.UTF_8);
    assertTrue(run.contains("batchSize            18\n"), run);
    SparseAutoencoder estimator = adam();
    assertFalse(estimator.isDefined(estimator.batchSize()));
    SparseAutoencoderModel fullBatch = adam().setSolver("l-bfgs").fit(TestFrames.frame(ROWS, 1));
    assertFalse(fullBatch.isDefined(fullBatch.batchSize()));
  }

  @Test
  void explainParamsSaysWhatTheDefaultsDependOn() {
    String text = adam().explainParams();
    for (String part :
        List.of(
            "not set: 0 with a kind of code that selects units (such as k), otherwise 1e-4",
            "not set: min(1024, max(16, training rows / 50))")) {
      assertTrue(text.contains(part), text);
    }
  }
}

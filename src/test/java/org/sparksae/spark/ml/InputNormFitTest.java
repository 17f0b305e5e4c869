package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.model.InputScaling;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/** {@code inputNorm}: from the Param to the saved model, which takes the rows as they are. */
@ExtendWith(LocalSpark.class)
class InputNormFitTest {
  private static final int INPUTS = 9;
  private static final float FACTOR = 1024;

  @TempDir private Path folder;

  private static Dataset<Row> frame(float factor) {
    float[][] rows = TestFrames.rows(120, INPUTS, 2);
    for (float[] row : rows) {
      for (int j = 0; j < INPUTS; j++) {
        row[j] = factor * (row[j] + (j == 0 ? 3 : 0));
      }
    }
    return TestFrames.frame(rows, 2);
  }

  private static SparseAutoencoder estimator() {
    SparseAutoencoder estimator =
        Fixtures.estimator()
            .setHiddenLayers(20)
            .setSolver("adam")
            .setAggregation("allReduce")
            .setNumWorkers(2)
            .setBatchSize(37)
            .setInputNorm("sqrtSize")
            .setMaxIter(3);
    estimator.clear(estimator.sparsityTargets());
    estimator.clear(estimator.sparsityWeights());
    return estimator;
  }

  static Stream<UnaryOperator<SparseAutoencoder>> kinds() {
    return Stream.of(
        e -> e.setJumpReluThreshold(0.1),
        e -> e.setGated(true),
        e -> e.setBatchTopK(2.5).setAuxK(3).setDeadAfterRows(40),
        e -> e.setBatchTopK(2.5).setAggregation("tree").setPreBias("geometricMedian"),
        e -> e.setK(4).setActivation("relu").setSolver("l-bfgs").setAggregation("auto"),
        e -> e.setHiddenLayers(7, 5).setActivation("relu").setSparsity("l1", "none").setK(2),
        e ->
            e.setJumpReluThreshold(0.1)
                .setCorruption("masking")
                .setCorruptionLevel(0.2)
                .setTiedWeights(true));
  }

  /** A power of 2 changes no bit but exponents. */
  @ParameterizedTest
  @MethodSource("kinds")
  void theScaleOfAColumnDoesNotMatter(UnaryOperator<SparseAutoencoder> kind) {
    SparseAutoencoderModel model = kind.apply(estimator()).fit(frame(1));
    SparseAutoencoderModel large = kind.apply(estimator()).fit(frame(FACTOR));
    double scale = model.summary().stages().get(0).inputScale();
    assertEquals(scale / FACTOR, large.summary().stages().get(0).inputScale());
    assertArrayEquals(model.summary().objectiveHistory(), large.summary().objectiveHistory(), 0);
    assertArrayEquals(
        model.parameters(), InputScaling.ofRows(large.spec(), large.parameters(), FACTOR));
    List<Row> codes = model.transform(frame(1)).collectAsList();
    List<Row> largeCodes = large.transform(frame(FACTOR)).collectAsList();
    for (int i = 0; i < codes.size(); i++) {
      double[] code = codes.get(i).<Vector>getAs("code").toArray();
      double[] largeCode = largeCodes.get(i).<Vector>getAs("code").toArray();
      for (int j = 0; j < code.length; j++) {
        assertEquals(code[j], largeCode[j] / FACTOR);
      }
    }
    assertEquals(
        model.summary().statistics().explainedVariance(),
        large.summary().statistics().explainedVariance(),
        1e-9);
  }

  /** It is that of the formula, and the model is the one of rows that were scaled before. */
  @Test
  void aModelIsThatOfScaledRows() {
    float[][] rows = TestFrames.rows(120, INPUTS, 2);
    double[] mean = new double[INPUTS];
    for (float[] row : rows) {
      for (int j = 0; j < INPUTS; j++) {
        mean[j] += (double) row[j] / rows.length;
      }
    }
    double distance = 0;
    for (float[] row : rows) {
      double squares = 0;
      for (int j = 0; j < INPUTS; j++) {
        squares += (row[j] - mean[j]) * (row[j] - mean[j]);
      }
      distance += Math.sqrt(squares) / rows.length;
    }
    SparseAutoencoder estimator = estimator().setJumpReluThreshold(0.1);
    SparseAutoencoderModel model = estimator.fit(TestFrames.frame(rows, 2));
    TrainingStage stage = model.summary().stages().get(0);
    assertEquals(Math.sqrt(INPUTS) / distance, stage.inputScale(), 1e-6);
    float scale = (float) stage.inputScale();
    for (float[] row : rows) {
      for (int j = 0; j < INPUTS; j++) {
        row[j] *= scale;
      }
    }
    SparseAutoencoderModel ofScaled = estimator.setInputNorm("none").fit(TestFrames.frame(rows, 2));
    assertEquals(1, ofScaled.summary().stages().get(0).inputScale());
    assertArrayEquals(
        InputScaling.ofRows(model.spec(), ofScaled.parameters(), scale), model.parameters(), 1e-5f);
    double error = scale * scale * model.summary().statistics().meanSquaredError();
    assertEquals(ofScaled.summary().statistics().meanSquaredError(), error, 1e-4 * error);
  }

  @ParameterizedTest
  @CsvSource({"adam, tree", "adam, allReduce", "l-bfgs, auto"})
  void savedModelsAndResumedTrainingsHaveTheSameBits(String solver, String aggregation)
      throws IOException {
    SparseAutoencoder estimator =
        estimator()
            .setK(4)
            .setActivation("relu")
            .setPreBias("mean")
            .setSolver(solver)
            .setAggregation(aggregation);
    SparseAutoencoderModel whole = estimator.fit(frame(1));
    String path = folder.resolve("model").toString();
    whole.save(path);
    SparseAutoencoderModel loaded = SparseAutoencoderModel.load(path);
    assertEquals("sqrtSize", loaded.getInputNorm());
    assertArrayEquals(whole.parameters(), loaded.parameters());
    // A warm start is scaled again.
    SparseAutoencoderModel next =
        estimator.copy(ParamMap.empty()).setInitialModel(path).setMaxIter(0).fit(frame(1));
    assertArrayEquals(whole.parameters(), next.parameters(), 1e-6f);

    estimator.setCheckpointDir(folder.resolve("checkpoints").toString()).setCheckpointInterval(1);
    estimator.setMaxIter(2).fit(frame(1));
    assertArrayEquals(whole.parameters(), estimator.setMaxIter(3).fit(frame(1)).parameters());
    assertRefused(
        estimator.setInputNorm("none"),
        frame(1),
        "inputNorm is not set, the checkpoint has sqrtSize");
  }

  @Test
  void modelsOfAGridGetTheScaleThatTheyAskFor() {
    SparseAutoencoder estimator = estimator().setJumpReluThreshold(0.1);
    ParamMap plain = new ParamMap().put(estimator.inputNorm().w("none"));
    ParamMap scaled = new ParamMap().put(estimator.seed().w(3L));
    ParamMap other = new ParamMap().put(estimator.stepSize().w(0.002));
    List<SparseAutoencoderModel> grid =
        estimator.fit(frame(1), new ParamMap[] {plain, scaled, new ParamMap(), other});
    for (ParamMap map : List.of(plain, scaled, other)) {
      int index = List.of(plain, scaled, new ParamMap(), other).indexOf(map);
      SparseAutoencoderModel alone = estimator.copy(map).fit(frame(1));
      assertArrayEquals(alone.parameters(), grid.get(index).parameters());
    }
  }

  /** Each layer scales its own input, as an estimator of it would. */
  @Test
  void layersScaleTheirOwnInput() {
    SparseAutoencoder estimator =
        estimator()
            .setHiddenLayers(7, 5)
            .setActivation("relu")
            .setSparsity("l1")
            .setSparsityWeights(0.01)
            .setLayerTraining("greedyThenJoint");
    SparseAutoencoderModel model = estimator.fit(frame(1));
    List<TrainingStage> stages = model.summary().stages();
    assertEquals(3, stages.size());
    assertEquals(stages.get(0).inputScale(), stages.get(2).inputScale());
    assertTrue(stages.get(0).inputScale() != stages.get(1).inputScale());
    SparseAutoencoderModel large = estimator.fit(frame(FACTOR));
    assertArrayEquals(
        model.parameters(), InputScaling.ofRows(large.spec(), large.parameters(), FACTOR));
  }

  @Test
  void sparseRowsAreScaled() {
    SparseAutoencoder estimator = estimator().setJumpReluThreshold(0.1).setNumWorkers(1);
    float[][] rows = TestFrames.rows(120, 40, 2);
    for (int i = 0; i < rows.length; i++) {
      SmallFits.keepFew(rows[i], i);
    }
    List<float[][]> parts = TestFrames.splitBySize(rows, 120);
    SparseAutoencoderModel sparse = estimator.fit(TestFrames.frame(InputType.SPARSE_VECTOR, parts));
    SparseAutoencoderModel dense = estimator.fit(TestFrames.frame(InputType.DENSE_VECTOR, parts));
    assertEquals(
        dense.summary().stages().get(0).inputScale(),
        sparse.summary().stages().get(0).inputScale(),
        1e-6);
    assertArrayEquals(dense.parameters(), sparse.parameters(), 1e-4f);
  }

  @Test
  void whatCannotBeIsRefused() {
    assertRefused(
        estimator().setActivation("sigmoid"),
        frame(1),
        "inputNorm = sqrtSize needs activation relu or linear, since others change with the scale"
            + " of what they get; got 'sigmoid'; set inputNorm = none, or activation = relu");
    assertRefused(
        estimator().setK(4).setActivation("relu").setOutputActivation("sigmoid"),
        frame(1),
        "got 'sigmoid'; set inputNorm = none, or outputActivation = linear");
    assertRefused(
        estimator().setK(4).setActivation("relu"),
        frame(1e-39f),
        "inputNorm = sqrtSize needs rows whose mean distance from their mean float32 can scale to"
            + " 3.000, but it is");
    assertThrows(IllegalArgumentException.class, () -> estimator().setInputNorm("unit"));
    SparseAutoencoderModel equal =
        estimator().setJumpReluThreshold(0.1).fit(TestFrames.frame(new float[9][3], 2));
    assertEquals(1, equal.summary().stages().get(0).inputScale());
  }

  private static void assertRefused(SparseAutoencoder estimator, Dataset<Row> frame, String says) {
    String problem =
        assertThrows(IllegalArgumentException.class, () -> estimator.fit(frame)).getMessage();
    assertTrue(problem.contains(says), problem);
  }
}

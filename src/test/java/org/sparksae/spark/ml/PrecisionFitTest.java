package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.linalg.bfloat16.Bfloat16Backend;
import org.sparksae.core.model.Precision;
import org.sparksae.core.train.DivergedException;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/** Fits and models whose products are of bfloat16. */
@ExtendWith(LocalSpark.class)
class PrecisionFitTest {
  private static final float[][] ROWS = TestFrames.rows(160, 6, 21);
  private static final String HALF = "bfloat16";

  private static SparseAutoencoder adam() {
    return Fixtures.estimator().setSolver("adam").setNumWorkers(2).setBatchSize(40);
  }

  private static Dataset<Row> frame() {
    return TestFrames.frame(ROWS, 2);
  }

  private static List<Row> codes(SparseAutoencoderModel model) {
    return model.transform(frame()).select("code").collectAsList();
  }

  /** A kind of model, named by how it differs. */
  private record Kind(String name, UnaryOperator<SparseAutoencoder> change) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Kind> kinds() {
    return Stream.of(
        new Kind("all-reduce", e -> e),
        new Kind("tree", e -> e.setAggregation("tree")),
        new Kind("l-bfgs", e -> e.setSolver("l-bfgs").setMaxIter(30)),
        new Kind("tied", e -> e.setTiedWeights(true)),
        new Kind("greedy", e -> e.setHiddenLayers(5, 3).setLayerTraining("greedyThenJoint")),
        new Kind("k", e -> e.setK(2).setActivation("relu").setSparsity("none")),
        new Kind("lifetime", e -> e.setLifetimeSparsity(0.2).setSparsity("none")),
        new Kind("batchTopK", e -> e.setBatchTopK(1.5).setAuxK(2).setMatryoshkaWidths(2, 4)),
        new Kind("jumpRelu", e -> e.setJumpReluThreshold(0.01).setSparsity("l0")),
        new Kind("gated", e -> e.setGated(true).setSparsity("l1")));
  }

  private static SparseAutoencoder of(Kind kind) {
    return kind.change().apply(adam());
  }

  /** The result is the same in kind: it differs, by a small part of what training has gained. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void everyKindLearnsAsInFloat32(Kind kind) {
    SparseAutoencoderModel exact = of(kind).fit(frame());
    SparseAutoencoderModel half = of(kind).setPrecision(HALF).fit(frame());
    assertFalse(Arrays.equals(exact.parameters(), half.parameters()));
    double[] history = exact.summary().objectiveHistory();
    double[] rounded = half.summary().objectiveHistory();
    double gain = history[0] - history[history.length - 1];
    assertEquals(history[history.length - 1], rounded[rounded.length - 1], 0.05 * gain);
    assertNotEquals(codes(exact), codes(half));
    assertArrayEquals(half.parameters(), of(kind).setPrecision(HALF).fit(frame()).parameters());
  }

  @Test
  void theSummaryNamesWhatComputedTheProducts() {
    String backend = Bfloat16Backend.get().name();
    String half = adam().setPrecision(HALF).fit(frame()).summary().kernelBackend();
    String exact = adam().fit(frame()).summary().kernelBackend();
    assertEquals(exact + ", bfloat16 products by " + backend, half);
  }

  @Test
  void aModelComputesAsItsParamSays(@TempDir Path folder) throws Exception {
    SparseAutoencoderModel model = adam().setPrecision(HALF).fit(frame());
    assertEquals(HALF, model.getPrecision());
    assertEquals(Precision.FLOAT32, model.spec().precision());
    model.save(folder.resolve("model").toString());
    SparseAutoencoderModel loaded = SparseAutoencoderModel.load(folder.resolve("model").toString());
    assertEquals(HALF, loaded.getPrecision());
    assertEquals(model.spec(), loaded.spec());
    assertEquals(codes(model), codes(loaded));
    double half = loaded.evaluate(frame()).meanSquaredError();
    assertEquals(model.summary().statistics().meanSquaredError(), half);
    loaded.setPrecision("float32");
    assertNotEquals(codes(model), codes(loaded));
    double exact = loaded.evaluate(frame()).meanSquaredError();
    assertNotEquals(half, exact);
    assertEquals(exact, half, 0.01 * exact);
    assertEquals(HALF, model.layer(1).getPrecision());
  }

  @ParameterizedTest
  @ValueSource(strings = {"adam", "l-bfgs"})
  void aCheckpointGoesOnToTheSameBitsAndKnowsThePrecision(String solver, @TempDir Path folder)
      throws Exception {
    SparseAutoencoder half = adam().setSolver(solver).setPrecision(HALF);
    SparseAutoencoderModel undisturbed = half.copy(ParamMap.empty()).setMaxIter(4).fit(frame());
    half.setCheckpointDir(folder.resolve("run").toString());
    half.setMaxIter(2).fit(frame());
    String identity = Files.readString(folder.resolve("run/run.txt"));
    assertTrue(identity.contains("precision            bfloat16\n"), identity);
    SparseAutoencoder exact = half.copy(ParamMap.empty()).setPrecision("float32");
    String message =
        assertThrows(IllegalArgumentException.class, () -> exact.fit(frame())).getMessage();
    assertTrue(message.contains("precision is not set, the checkpoint has bfloat16"), message);
    assertArrayEquals(undisturbed.parameters(), half.setMaxIter(4).fit(frame()).parameters());
  }

  /** Both are trained by the same workers, each with its own products. */
  @Test
  void modelsOfBothPrecisionsAreTrainedTogether() {
    SparseAutoencoder estimator = adam();
    ParamMap[] maps = {
      ParamMap.empty().put(estimator.precision(), HALF),
      ParamMap.empty().put(estimator.precision(), "float32")
    };
    List<SparseAutoencoderModel> models = estimator.fit(frame(), maps);
    assertArrayEquals(
        adam().setPrecision(HALF).fit(frame()).parameters(), models.get(0).parameters());
    assertArrayEquals(adam().fit(frame()).parameters(), models.get(1).parameters());
  }

  /** In float32 its square would exceed the range, too. */
  @Test
  void whatExceedsTheRangeDiverges() {
    float[][] rows = TestFrames.rows(160, 6, 21);
    rows[7][2] = Float.MAX_VALUE;
    SparseAutoencoder estimator = adam().setPrecision(HALF);
    assertThrows(DivergedException.class, () -> estimator.fit(TestFrames.frame(rows, 2)));
  }

  @Test
  void convolutionsHaveFloat32Only() {
    ConvolutionalSparseAutoencoder estimator =
        new ConvolutionalSparseAutoencoder()
            .setInputCol(TestFrames.FEATURES)
            .setImageShape(1, 2, 3)
            .setFilters(2)
            .setKernelSizes(2)
            .setPrecision(HALF);
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> estimator.transformSchema(frame().schema()))
            .getMessage();
    String refused =
        "precision = bfloat16 needs fully connected layers, got maps of a convolution; set"
            + " precision = float32";
    assertEquals(refused, message);
    ConvolutionalSparseAutoencoderModel model =
        estimator.setPrecision("float32").setMaxIter(1).fit(frame()).setPrecision(HALF);
    assertEquals(
        refused,
        assertThrows(IllegalArgumentException.class, () -> model.transform(frame())).getMessage());
  }
}

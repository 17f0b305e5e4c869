package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/** A training that begins at a saved model, and models that it cannot begin at. */
@ExtendWith(LocalSpark.class)
class InitialModelTest {
  private static final float[][] ROWS = TestFrames.rows(80, 6, 41);

  @TempDir private static Path folder;
  private static Dataset<Row> frame;
  private static SparseAutoencoderModel model;

  @BeforeAll
  static void fit() throws IOException {
    frame = TestFrames.frame(ROWS, 2);
    model = deep().fit(frame);
    model.save(path("model"));
  }

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  private static SparseAutoencoder deep() {
    return Fixtures.estimator().setHiddenLayers(5, 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"l-bfgs", "adam"})
  void isWhereTrainingBegins(String solver) {
    SparseAutoencoder begun = deep().setSolver(solver).setInitialModel(path("model"));
    assertArrayEquals(model.parameters(), begun.setMaxIter(0).fit(frame).parameters());
    double before = model.summary().objectiveHistory()[2];
    double after = begun.setMaxIter(1).fit(frame).summary().objectiveHistory()[0];
    assertTrue(after < before, after + " after " + before);
  }

  /** What does not concern the parameters may be another. */
  @Test
  void penaltiesMayDiffer() {
    SparseAutoencoder other =
        deep()
            .setSparsity("l1")
            .setSparsityWeights(0.01)
            .setRegParam(0)
            .setSeed(99)
            .setMaxIter(0)
            .setInitialModel(path("model"));
    assertArrayEquals(model.parameters(), other.fit(frame).parameters());
  }

  @Test
  void aKSparseModelMayGoOnWithAnotherK() throws IOException {
    SparseAutoencoder kSparse = Fixtures.estimator().setHiddenLayers(9).setK(4).setSolver("adam");
    SparseAutoencoderModel first = kSparse.fit(frame);
    first.save(path("kSparse"));
    SparseAutoencoderModel second =
        kSparse.setK(2).setMaxIter(0).setInitialModel(path("kSparse")).fit(frame);
    assertArrayEquals(first.parameters(), second.parameters());
    assertEquals(2, second.spec().code().form().unitsKept().getAsInt());
    assertRefused(
        Fixtures.estimator()
            .setHiddenLayers(9)
            .setActivation("linear")
            .setSparsity("none")
            .setInitialModel(path("kSparse")),
        "kSparse does not fit: k is not set, the model's is set; set the Params to the model's, or"
            + " name a model that fits");
  }

  static Stream<Arguments> misfits() {
    return Stream.of(
        misfit(
            e -> e.setHiddenLayers(5, 4), "hiddenLayers is [5, 4], the model's is [5, 3]; set the"),
        misfit(
            e -> e.setHiddenLayers(5),
            "hiddenLayers is [5], the model's is [5, 3]; activation is [sigmoid], the model's is"
                + " [sigmoid, sigmoid]; set the"),
        misfit(
            e -> e.setActivation("tanh").setSparsity("l1").setTiedWeights(true),
            "activation is [tanh, tanh], the model's is [sigmoid, sigmoid]; tiedWeights is true, the"
                + " model's is false; set the"),
        misfit(
            e -> e.setOutputActivation("sigmoid"),
            "outputActivation is sigmoid, the model's is linear; set the"));
  }

  private static Arguments misfit(Consumer<SparseAutoencoder> change, String message) {
    return Arguments.of(change, message);
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("misfits")
  void aModelThatDoesNotFitIsRefusedBeforeAnyTraining(
      Consumer<SparseAutoencoder> change, String message) {
    SparseAutoencoder estimator = deep().setInitialModel(path("model"));
    change.accept(estimator);
    assertRefused(estimator, "initialModel " + path("model") + " does not fit: " + message);
  }

  @Test
  void rowsOfAnotherSizeAreRefused() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                deep()
                    .setInitialModel(path("model"))
                    .fit(TestFrames.frame(TestFrames.rows(20, 7, 1), 2)));
    assertTrue(
        refused.getMessage().contains("size of an input row is 7, the model's is 6;"),
        refused.getMessage());
  }

  @Test
  void whatIsNoModelIsRefused() throws IOException {
    String remedy =
        "; name a directory that a SparseAutoencoderModel or a ConvolutionalSparseAutoencoderModel was saved to";
    assertRefused(
        deep().setInitialModel(path("nothing")),
        "initialModel: %s is not the directory of a saved stage: there is no %s/metadata"
                .formatted(path("nothing"), path("nothing"))
            + remedy);
    new Pipeline().setStages(new PipelineStage[] {deep()}).save(path("pipeline"));
    assertRefused(
        deep().setInitialModel(path("pipeline")),
        "initialModel: %s holds a org.apache.spark.ml.Pipeline".formatted(path("pipeline"))
            + remedy);
    deep().save(path("estimator"));
    assertRefused(
        deep().setInitialModel(path("estimator")),
        "initialModel: %s holds a org.sparksae.spark.ml.SparseAutoencoder"
                .formatted(path("estimator"))
            + remedy);
    model.write().overwrite().save(path("damaged"));
    Path weights = folder.resolve("damaged/weights.safetensors");
    Files.delete(folder.resolve("damaged/.weights.safetensors.crc"));
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 3] ^= 1;
    Files.write(weights, bytes);
    assertRefused(deep().setInitialModel(path("damaged")), "damaged or not readable");
  }

  /** The content counts, wherever it lies. */
  @Test
  void belongsToTheRunOfACheckpoint() throws IOException {
    SparseAutoencoder kept =
        deep()
            .setMaxIter(4)
            .setInitialModel(path("model"))
            .setCheckpointDir(path("checkpoints"))
            .setCheckpointInterval(2);
    SparseAutoencoderModel whole = kept.fit(frame);
    Files.delete(folder.resolve("checkpoints/checkpoint-00000004.safetensors"));
    model.save(path("copy"));
    assertArrayEquals(
        whole.parameters(), kept.setInitialModel(path("copy")).fit(frame).parameters());
    whole.save(path("another"));
    assertRefused(kept.setInitialModel(path("another")), "another training: initialModel is ");
    assertRefused(kept.setInitialModel(""), "another training: initialModel is not set, the");
  }

  private static void assertRefused(SparseAutoencoder estimator, String message) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> estimator.fit(frame));
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
  }
}

package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.Target;
import org.sparksae.core.model.TopK;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/** Folders that other libraries wrote, and what is written for them. */
@ExtendWith(LocalSpark.class)
class ModelFormatsTest {
  private static final String SAELENS = "saelens";
  private static final String SPARSIFY = "sparsify";

  @TempDir private Path directory;

  static Stream<ForeignFolder> fixtures() {
    return ForeignFolder.fixtures();
  }

  /** Folders of float32 whose model needs no folding, in formats that are written. */
  static Stream<ForeignFolder> plain() {
    return fixtures()
        .filter(folder -> !folder.name().matches("gemma.*|.*-(rescaled|5-topk|skip|.*float.*)"));
  }

  @Test
  void thereIsAFixtureOfEachKind() {
    assertEquals(28, fixtures().count());
    assertTrue(plain().count() >= 14, plain().toList().toString());
  }

  /** A model whose codes were all 0 would show nothing about its encoder. */
  @ParameterizedTest
  @MethodSource("fixtures")
  void someUnitsOfAFixtureAreActiveAndSomeAreNot(ForeignFolder folder) {
    double[] codes =
        Arrays.stream(folder.expected().codes())
            .flatMapToDouble(row -> Arrays.stream(TestFrames.doubles(row)))
            .toArray();
    double active = Arrays.stream(codes).filter(code -> code != 0).count();
    assertTrue(active > 0.1 * codes.length && active < 0.9 * codes.length, "active " + active);
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void aReadModelComputesWhatItsLibraryComputes(ForeignFolder folder) {
    folder.assertComputes(folder.read());
  }

  /**
   * One for each form of the weights: dense, sparse, with thresholds, with gates, with a target.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "saelens-standard",
        "saelens-topk",
        "saelens-jumprelu",
        "saelens-gated",
        "sparsify-skip-transcoder"
      })
  void aReadModelTransformsAndIsSavedAsAnyOther(String name) throws IOException {
    ForeignFolder folder = ForeignFolder.fixture(name);
    SparseAutoencoderModel read = folder.read();
    List<Row> rows =
        read.transform(TestFrames.frame(folder.rows(), 2)).select("code").collectAsList();
    float[][] codes = folder.expected().codes();
    for (int i = 0; i < codes.length; i++) {
      double[] code = rows.get(i).<Vector>getAs(0).toArray();
      assertArrayEquals(TestFrames.doubles(codes[i]), code, 1e-4);
    }
    String path = directory.resolve("model").toString();
    read.save(path);
    SparseAutoencoderModel loaded = SparseAutoencoderModel.load(path);
    assertEquals(read.spec(), loaded.spec());
    assertArrayEquals(read.parameters(), loaded.parameters());
    assertArrayEquals(new int[] {16}, loaded.getHiddenLayers());
    assertEquals(Fixtures.values(read), Fixtures.values(loaded));
  }

  @Test
  void aReadModelCanBeTrainedFurther() throws IOException {
    ForeignFolder folder = ForeignFolder.fixture("saelens-topk");
    SparseAutoencoderModel read = folder.read();
    assertEquals(
        List.of(3, "value", "relu"), List.of(read.getK(), read.getTopKBy(), read.getActivation()));
    String path = directory.resolve("start").toString();
    read.save(path);
    SparseAutoencoder estimator =
        new SparseAutoencoder()
            .setInputCol(TestFrames.FEATURES)
            .setHiddenLayers(16)
            .setActivation("relu")
            .setK(3)
            .setTopKBy("value")
            .setPreBias("mean")
            .setInitialModel(path);
    Dataset<Row> rows = TestFrames.frame(folder.rows(), 2);
    folder.assertComputes(estimator.setMaxIter(0).fit(rows));
    SparseAutoencoderModel further = estimator.setMaxIter(3).fit(rows);
    assertTrue(
        further.summary().statistics().meanSquaredError() < read.evaluate(rows).meanSquaredError());
  }

  /** As the cache of a hub of models has them. */
  @Test
  void filesMayBeLinks() throws IOException {
    ForeignFolder folder = ForeignFolder.fixture("saelens-topk");
    ForeignFolder links = new ForeignFolder(Files.createDirectory(directory.resolve("links")));
    for (String file : List.of("cfg.json", "sae_weights.safetensors")) {
      Files.createSymbolicLink(
          links.path().resolve(file), folder.path().resolve(file).toAbsolutePath());
    }
    folder.assertComputes(links.read());
    // JUnit would warn of them.
    for (File link : links.path().toFile().listFiles()) {
      Files.delete(link.toPath());
    }
  }

  @ParameterizedTest
  @MethodSource("plain")
  void writingWhatWasReadGivesTheSameTensorsAndDescription(ForeignFolder folder)
      throws IOException {
    ForeignFolder written = write(folder.read(), folder.format());
    String weights =
        folder.format().equals(SAELENS) ? "sae_weights.safetensors" : "sae.safetensors";
    ForeignFolder.assertSameTensors(folder.tensors(weights), written.tensors(weights));
    Map<String, Object> before = config(folder);
    Map<String, Object> after = config(written);
    for (Map<String, Object> config : List.of(before, after)) {
      // What does not change the function: notes, and how a model was trained.
      config.keySet().removeAll(Set.of("metadata", "multi_topk", "normalize_decoder"));
      config.remove("expansion_factor");
      config.replace("normalize_activations", "expected_average_only_in", "none");
    }
    assertEquals(before, after);
    assertEquals(
        new TreeSet<>(Set.of("cfg.json", weights)),
        new TreeSet<>(List.of(written.path().toFile().list())));
  }

  @ParameterizedTest
  @MethodSource("org.sparksae.spark.ml.OwnLatents#all")
  void aModelOfThisLibraryComputesTheSameAfterItWasWrittenAndReadAgain(OwnLatents own) {
    SparseAutoencoderModel model = own.model();
    Computed before = Computed.by(model, own.rows());
    SparseAutoencoderModel read = write(model, own.format()).read();
    double difference = Computed.by(read, own.rows()).differenceFrom(before);
    assertTrue(difference <= ForeignFolder.TOLERANCE, "differs by " + difference);
  }

  /** Both libraries have this kind, and subtract the bias in different ways. */
  @ParameterizedTest
  @CsvSource({"saelens-topk", "saelens-topk-rescaled", "saelens-5-topk", "sparsify-coder"})
  void aTopKModelGoesFromEachLibraryToTheOther(String name) throws IOException {
    ForeignFolder folder = ForeignFolder.fixture(name);
    ForeignFolder written =
        write(folder.read(), folder.format().equals(SAELENS) ? SPARSIFY : SAELENS);
    Files.copy(
        folder.path().resolve(ForeignFolder.EXPECTED),
        written.path().resolve(ForeignFolder.EXPECTED));
    written.assertComputes(written.read());
  }

  private ForeignFolder write(SparseAutoencoderModel model, String format) {
    Path path = directory.resolve("written");
    ModelFormats.write(model, format, path.toString());
    return new ForeignFolder(path);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> config(ForeignFolder folder) throws IOException {
    return new ObjectMapper().readValue(folder.path().resolve("cfg.json").toFile(), Map.class);
  }

  @Test
  void aPreparationIsNoted() throws IOException {
    ForeignFolder folder = ForeignFolder.fixture("saelens-standard");
    ForeignFolder written = write(folder.read().setPreparation("standardScaler"), SAELENS);
    JsonNode metadata =
        new ObjectMapper().readTree(written.path().resolve("cfg.json").toFile()).get("metadata");
    assertEquals("standardScaler", metadata.get("preparation").asText());
    assertEquals("6.0.0", metadata.get("sae_lens_version").asText());
  }

  @Test
  void encodeKIsTheKOfTheFiles() throws IOException {
    SparseAutoencoderModel model = ForeignFolder.fixture("saelens-topk").read();
    assertEquals(5, config(write(model.setEncodeK(5), SAELENS)).get("k"));
  }

  /** SAELens has log10(frequency + 1e-10) in a file that its models do not need. */
  @Test
  void howOftenUnitsWereActiveIsWrittenIfItIsKnown() throws IOException {
    SparseAutoencoderModel fitted =
        new SparseAutoencoder()
            .setInputCol(TestFrames.FEATURES)
            .setHiddenLayers(6)
            .setActivation("relu")
            .setK(2)
            .setTopKBy("value")
            .setSolver("adam")
            .setMaxIter(2)
            .fit(TestFrames.frame(TestFrames.rows(20, 4, 1), 1));
    double[] frequencies = fitted.summary().firingFrequencies();
    ForeignFolder written = write(fitted, SAELENS);
    float[] logs = written.tensors("sparsity.safetensors").get("sparsity").values();
    assertEquals(6, logs.length);
    for (int j = 0; j < logs.length; j++) {
      assertEquals((float) Math.log10(frequencies[j] + 1e-10), logs[j]);
    }
    assertArrayEquals(fitted.parameters(), written.read().parameters());
    Path other = directory.resolve("other");
    ModelFormats.write(fitted.setEncodeK(1), SAELENS, other.toString());
    assertFalse(Files.exists(other.resolve("sparsity.safetensors")), "trained with k = 2");
  }

  @Test
  void whatAFormatCannotSayIsRefusedByTheParam() {
    SparseAutoencoderModel jumps = ForeignFolder.fixture("saelens-jumprelu").read();
    assertRefused(jumps, SPARSIFY, "jumpReluThreshold or batchTopK: sparsify has models with k");
    SparseAutoencoderModel small = jumps.copy(jumps.extractParamMap()).setActivationThreshold(0.1);
    assertRefused(small, SAELENS, "activationThreshold is 0.1");
    AutoencoderSpec relu = OwnLatents.spec(6, Activation.RELU, CodeForm.ALL);
    assertRefused(
        OwnLatents.model(OwnLatents.spec(6, Activation.TANH, CodeForm.ALL)),
        SAELENS,
        "activation is tanh, but files of other libraries have relu");
    assertRefused(
        OwnLatents.model(relu), SPARSIFY, "activation = relu: sparsify has models with k");
    assertRefused(
        OwnLatents.model(new AutoencoderSpec(6, relu.hiddenLayers(), Activation.SIGMOID, false, 0)),
        SAELENS,
        "outputActivation is sigmoid");
    HiddenLayer layer = relu.hiddenLayers().get(0);
    assertRefused(
        OwnLatents.model(
            new AutoencoderSpec(6, List.of(layer, layer), Activation.LINEAR, false, 0)),
        SAELENS,
        "hiddenLayers has 2 layers");
    AutoencoderSpec k = OwnLatents.spec(6, Activation.RELU, new TopK(3, TopK.By.VALUE));
    assertRefused(
        OwnLatents.model(k.withTarget(new Target(5, false))),
        SPARSIFY,
        "targetCol has 5 values, and inputCol 6");
    assertRefused(
        Fixtures.kSparseModel("k", Activation.LINEAR, TopK.By.VALUE),
        SAELENS,
        "topKBy is value with activation = linear");
    SparseAutoencoderModel coder = ForeignFolder.fixture("sparsify-transcoder").read();
    assertRefused(
        coder, SAELENS, "k with activation = relu with targetCol", "write it as sparsify");
    assertRefused(coder, "gemmaScope", "format gemmaScope is only read", "saelens, sparsify");
    assertRefused(
        coder, "pickle", "one of saelens, sparsify, gemmaScope, gemmaScope2, onnx; got 'pickle'");
    assertFalse(Files.exists(directory.resolve("refused")));
  }

  private void assertRefused(SparseAutoencoderModel model, String format, String... parts) {
    String path = directory.resolve("refused").toString();
    String message =
        assertThrows(IllegalArgumentException.class, () -> ModelFormats.write(model, format, path))
            .getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void aFolderIsNotWrittenTwice() {
    SparseAutoencoderModel model = ForeignFolder.fixture("saelens-topk").read();
    ForeignFolder written = write(model, SAELENS);
    String path = written.path().toString();
    String message =
        assertThrows(IllegalArgumentException.class, () -> ModelFormats.write(model, SAELENS, path))
            .getMessage();
    assertTrue(message.contains(path + " exists already"), message);
  }

  @Test
  void whatIsNoFolderOfAModelIsRefusedByItsPath() throws IOException {
    assertNotRead(directory.resolve("none"), "there is no such folder");
    Path file = Files.writeString(directory.resolve("file"), "");
    assertNotRead(file, "it is a file; name the folder that it is in");
    Path folder = Files.createDirectory(directory.resolve("folder"));
    assertNotRead(folder, "the folder is no model: it must have cfg.json and");
    Files.writeString(folder.resolve("ae.pt"), "");
    assertNotRead(folder, "pickled files are never opened");
    Files.writeString(folder.resolve("cfg.json"), "{}");
    Files.writeString(folder.resolve("sae_weights.safetensors"), "");
    assertNotRead(folder, "cfg.json: d_in must be an integer of 1 or more, and below 2^31, got");
    Files.writeString(folder.resolve("cfg.json"), "{\"sae_lens_version\": \"6.1.0\"}");
    assertNotRead(folder, "architecture 'missing' cannot be imported, only abstopk, gated, jump");
    Files.writeString(folder.resolve("sae.safetensors"), "");
    assertNotRead(folder, "the files of saelens and sparsify; name the format");
  }

  private static void assertNotRead(Path path, String part) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> ModelFormats.read(path.toString()))
            .getMessage();
    assertTrue(message.startsWith("no model was read from " + path + ": "), message);
    assertTrue(message.contains(part), message);
  }

  @Test
  void theFormatOfAFolderOfSeveralCanBeNamed() throws IOException {
    Path folder = ForeignFolder.fixture("saelens-topk").path();
    Path both = Files.createDirectory(directory.resolve("both"));
    for (String name : List.of("cfg.json", "sae_weights.safetensors")) {
      Files.copy(folder.resolve(name), both.resolve(name));
    }
    Files.writeString(both.resolve("sae.safetensors"), "");
    assertEquals(16, ModelFormats.read(both.toString(), SAELENS).codeSize());
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> ModelFormats.read(folder.toString(), SPARSIFY))
            .getMessage();
    assertTrue(message.contains("a folder of sparsify must have cfg.json and sae.saf"), message);
  }
}

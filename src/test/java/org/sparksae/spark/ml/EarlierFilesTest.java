package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.spark.ChildJvm;
import org.sparksae.spark.LocalSpark;

/**
 * What an earlier state of the library saved is read as it was meant: models give the codes that
 * they gave, and trainings that were cut off go on to the bits that they would have come to.
 *
 * <p>{@link EarlierFiles} wrote the directories of {@link EarlierFits} in {@code
 * src/test/resources/fixtures}, and what it printed is {@code expected.txt} there.
 */
@ExtendWith(LocalSpark.class)
class EarlierFilesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Map<String, Function<String, Params>> LOADERS =
      Map.ofEntries(
          Map.entry("SparseAutoencoder", SparseAutoencoder::load),
          Map.entry("SparseAutoencoderModel", SparseAutoencoderModel::load),
          Map.entry("ConvolutionalSparseAutoencoder", ConvolutionalSparseAutoencoder::load),
          Map.entry(
              "ConvolutionalSparseAutoencoderModel", ConvolutionalSparseAutoencoderModel::load),
          Map.entry("PatchScaling", PatchScaling::load),
          Map.entry("PatchScalingModel", PatchScalingModel::load),
          Map.entry("ZcaWhitening", ZcaWhitening::load),
          Map.entry("ZcaWhiteningModel", ZcaWhiteningModel::load),
          Map.entry("ArrayVectorizer", ArrayVectorizer::load),
          Map.entry("ImageVectorizer", ImageVectorizer::load),
          Map.entry("ReconstructionEvaluator", ReconstructionEvaluator::load));

  @TempDir private Path scratch;

  private static Path fixtures() {
    try {
      return Path.of(EarlierFilesTest.class.getResource("/fixtures").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Every saved stage, those within the pipelines as well. */
  static List<String> stages() throws IOException {
    List<String> stages = new ArrayList<>();
    for (EarlierFits fits : EarlierFits.values()) {
      try (Stream<Path> files = Files.walk(fixtures().resolve(fits.directory()))) {
        files
            .filter(file -> file.endsWith("metadata"))
            .map(metadata -> fixtures().relativize(metadata.getParent()).toString())
            .filter(stage -> !stage.endsWith("pipeline"))
            .sorted()
            .forEach(stages::add);
      }
    }
    return stages;
  }

  private static JsonNode metadata(Path stage) throws IOException {
    try (Stream<Path> files = Files.list(stage.resolve("metadata"))) {
      Path part =
          files.filter(file -> file.getFileName().toString().startsWith("part")).findAny().get();
      return JSON.readTree(part.toFile());
    }
  }

  @ParameterizedTest
  @MethodSource("stages")
  void everyParamHasTheValueThatItHad(String stage) throws IOException {
    Path path = fixtures().resolve(stage);
    JsonNode saved = metadata(path);
    String type = saved.get("class").asText();
    Params loaded = LOADERS.get(type.substring(type.lastIndexOf('.') + 1)).apply(path.toString());
    assertEquals(saved.get("uid").asText(), loaded.uid());
    assertParams(saved.get("paramMap"), loaded, true);
    assertParams(saved.get("defaultParamMap"), loaded, false);
  }

  private static void assertParams(JsonNode values, Params loaded, boolean set) {
    for (Map.Entry<String, JsonNode> value : values.properties()) {
      assertParam(value.getKey(), value.getValue(), loaded, set);
    }
  }

  private static void assertParam(String name, JsonNode value, Params loaded, boolean set) {
    Param<Object> param = loaded.getParam(name);
    Object found = set ? loaded.getOrDefault(param) : loaded.getDefault(param).get();
    try {
      assertEquals(value, JSON.readTree(param.jsonEncode(found)), name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertTrue(!set || loaded.isSet(param), name);
  }

  @Test
  void modelsGiveTheirCodesAndTrainingsGoOn() throws Exception {
    assumeTrue(
        System.getProperty("os.arch").equals("amd64"),
        "checkpoints and digests are of x86-64; the arithmetic of other processors rounds otherwise");
    Path output = scratch.resolve("lines.txt");
    Path errors = scratch.resolve("errors.txt");
    Process process =
        new ProcessBuilder(command())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    assertEquals(0, process.waitFor(), () -> text(errors));
    List<String> lines =
        text(output)
            .lines()
            .filter(line -> line.startsWith(EarlierFiles.LINE))
            .map(line -> line.substring(EarlierFiles.LINE.length()))
            .toList();
    List<String> expected = new ArrayList<>();
    for (EarlierFits fits : EarlierFits.values()) {
      Path file = fixtures().resolve(fits.directory()).resolve("expected.txt");
      Files.readAllLines(file).forEach(line -> expected.add(fits.directory() + "/" + line));
    }
    assertAll(
        IntStream.range(0, expected.size())
            .mapToObj(i -> () -> assertEquals(expected.get(i), lines.get(i))));
    assertEquals(expected.size(), lines.size());
  }

  private List<String> command() throws IOException {
    return ChildJvm.command(
        EarlierFiles.class,
        List.of(
            "-XX:UseAVX=2",
            "-XX:TieredStopAtLevel=1",
            "-Dorg.sparksae.kernels=scalar",
            "-Dorg.sparksae.blas=java"),
        "read",
        fixtures().toString(),
        Files.createDirectory(scratch.resolve("checkpoints")).toString());
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

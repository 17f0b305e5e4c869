package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.spark.LocalSpark;

/** Directories that are no model, or no longer one; each refusal names the path and the rule. */
@ExtendWith(LocalSpark.class)
class CorruptModelTest {
  @TempDir private Path folder;
  private Path model;
  private Path weights;

  @BeforeEach
  void save() throws IOException {
    model = folder.resolve("model");
    weights = model.resolve("weights.safetensors");
    Fixtures.handModel("hand").save(model.toString());
    // Without Hadoop's own checksums, as on most file systems.
    for (Path file : filesUnder(model)) {
      if (file.getFileName().toString().endsWith(".crc")) {
        Files.delete(file);
      }
    }
    assertEquals("hand", SparseAutoencoderModel.load(model.toString()).uid());
  }

  @Test
  void nothingThere() {
    assertRefused(folder.resolve("none"), "is not the directory of a saved stage: there is no ");
  }

  @Test
  void missingWeights() throws IOException {
    Files.delete(weights);
    assertRefused(model, "is not a whole model directory: ", "weights.safetensors");
  }

  @Test
  void missingMetadata() throws IOException {
    delete(model.resolve("metadata"));
    assertRefused(model, "is not the directory of a saved stage: there is no ", "metadata");
  }

  @Test
  void emptyMetadata() throws IOException {
    for (Path file : filesUnder(model.resolve("metadata"))) {
      Files.write(file, new byte[0]);
    }
    assertRefused(model, "the metadata");
  }

  @Test
  void metadataThatIsNoJson() throws IOException {
    Files.writeString(metadataFile(), "{\"class\": \"org.");
    assertRefused(model, "the metadata");
  }

  @Test
  void metadataOfAnotherClass() throws IOException {
    String text = Files.readString(metadataFile());
    Files.writeString(metadataFile(), text.replace("SparseAutoencoderModel", "SparseAutoencoder"));
    assertRefused(
        model,
        " holds a org.sparksae.spark.ml.SparseAutoencoder, not a SparseAutoencoderModel; load it by"
            + " SparseAutoencoder.load");
  }

  @Test
  void metadataWithAnUnknownParam() throws IOException {
    String text = Files.readString(metadataFile());
    assertTrue(text.contains("\"outputCol\":\"code\""), text);
    Files.writeString(
        metadataFile(), text.replace("\"outputCol\":\"code\"", "\"shapeOfThings\":\"to come\""));
    assertRefused(model, "the metadata", "shapeOfThings");
  }

  @Test
  void metadataWithAValueAgainstItsRule() throws IOException {
    String text = Files.readString(metadataFile());
    assertTrue(text.contains("\"maxIter\":100"), text);
    Files.writeString(metadataFile(), text.replace("\"maxIter\":100", "\"maxIter\":-100"));
    assertRefused(model, "the metadata", "maxIter must be 0 or more, got -100");
  }

  @Test
  void truncatedWeights() throws IOException {
    byte[] bytes = Files.readAllBytes(weights);
    Files.write(weights, Arrays.copyOf(bytes, bytes.length - 5));
    assertRefused(model, "is damaged or not readable: ", "the file is truncated");
  }

  @Test
  void emptyWeights() throws IOException {
    Files.write(weights, new byte[0]);
    assertRefused(model, "is damaged or not readable: ", "must have at least 8 bytes, got 0");
  }

  @Test
  void aFlippedBit() throws IOException {
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 3] ^= 1;
    Files.write(weights, bytes);
    assertRefused(model, "is damaged or not readable: ", "the data were changed after writing");
  }

  @Test
  void aNewerFormat() throws IOException {
    replaceInHeader("\"formatVersion\":\"1\"", "\"formatVersion\":\"6\"");
    assertRefused(
        model, "formatVersion must be at most 5, got 6; load the model with a newer release");
  }

  @Test
  void anotherProgramsFile() throws IOException {
    replaceInHeader("spark-sparse-autoencoder", "spark-sparse-auto-coders");
    assertRefused(model, "format must be 'spark-sparse-autoencoder'", "another program's file");
  }

  @Test
  void aSpecThatDoesNotFitTheTensors() throws IOException {
    replaceInHeader("\\\"inputSize\\\":2", "\\\"inputSize\\\":3");
    assertRefused(model, "tensor 'encoder.0.weight' must have shape [3, 3], got [3, 2]");
  }

  @Test
  void aFeatureStageThatIsNotFinite() throws IOException {
    Path scaling = folder.resolve("scaling");
    new PatchScalingModel("scaling", 2, 1, 0, Double.NaN).save(scaling.toString());
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> PatchScalingModel.load(scaling.toString()))
            .getMessage();
    assertTrue(message.contains(scaling.toString()), message);
    assertTrue(
        message.contains(
            "the vector 'scale' must have finite values only, got NaN at index 2 of 4: fit the"
                + " stage again"),
        message);
  }

  @Test
  void anEstimatorIsNoModel() throws IOException {
    String estimator = folder.resolve("estimator").toString();
    new SparseAutoencoder().save(estimator);
    assertRefused(
        Path.of(estimator),
        " holds a org.sparksae.spark.ml.SparseAutoencoder, not a SparseAutoencoderModel; load it by"
            + " SparseAutoencoder.load");
  }

  @Test
  void aModelIsNoEstimator() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> SparseAutoencoder.load(model.toString()))
            .getMessage();
    assertEquals(
        model
            + " holds a org.sparksae.spark.ml.SparseAutoencoderModel, not a SparseAutoencoder; load it"
            + " by SparseAutoencoderModel.load",
        message);
  }

  private static void assertRefused(Path path, String... parts) {
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> SparseAutoencoderModel.load(path.toString()))
            .getMessage();
    assertTrue(message.contains(path.toString()), message);
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  /** Equally long, so that the header's length stays right. */
  private void replaceInHeader(String from, String to) throws IOException {
    String text = new String(Files.readAllBytes(weights), StandardCharsets.ISO_8859_1);
    assertTrue(text.contains(from) && from.length() == to.length(), text);
    Files.write(weights, text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1));
  }

  private Path metadataFile() {
    return filesUnder(model.resolve("metadata")).stream()
        .filter(file -> file.getFileName().toString().startsWith("part-"))
        .findFirst()
        .orElseThrow();
  }

  private static List<Path> filesUnder(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

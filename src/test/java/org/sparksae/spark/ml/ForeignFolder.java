package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.sparksae.core.format.Safetensors;
import org.sparksae.core.format.Tensor;
import org.sparksae.spark.TestFrames;

/**
 * A folder with a model of another library, and what that library computes with it: rows, codes and
 * reconstructions in {@code expected.safetensors}.
 */
record ForeignFolder(Path path) {
  static final String EXPECTED = "expected.safetensors";

  /** What SAELens 6.54 and sparsify 1.3.3 made, by src/test/python/model_formats.py. */
  private static final Path FIXTURES = Path.of("src/test/resources/foreign");

  /** Sums in another order differ by a few units in the last place. */
  static final double TOLERANCE = 1e-5;

  static Stream<ForeignFolder> fixtures() {
    return in(FIXTURES);
  }

  static Stream<ForeignFolder> in(Path directory) {
    try (Stream<Path> paths = Files.list(directory)) {
      List<Path> folders = paths.filter(Files::isDirectory).sorted().toList();
      return folders.stream().map(ForeignFolder::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ForeignFolder fixture(String name) {
    return new ForeignFolder(FIXTURES.resolve(name));
  }

  String name() {
    return path.getFileName().toString();
  }

  @Override
  public String toString() {
    return name();
  }

  /** The format's name, as the folder's begins. */
  String format() {
    return name().substring(0, name().indexOf('-'));
  }

  SparseAutoencoderModel read() {
    return ModelFormats.read(path.toString()).setInputCol(TestFrames.FEATURES).setOutputCol("code");
  }

  Map<String, Tensor> tensors(String file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path.resolve(file)))) {
      return Safetensors.read(in, Files.size(path.resolve(file))).tensors();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the rows that the library shall compute with. */
  void writeRows(float[][] rows) throws IOException {
    float[] values = new float[rows.length * rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, values, i * rows[0].length, rows[0].length);
    }
    try (OutputStream out = Files.newOutputStream(path.resolve("rows.safetensors"))) {
      Safetensors.write(
          out, List.of(Tensor.of("rows", values, rows.length, rows[0].length)), Map.of());
    }
  }

  /** The rows of the folder. */
  float[][] rows() {
    return matrix(tensors(EXPECTED).get("rows"));
  }

  /** What the library computes. */
  Computed expected() {
    Map<String, Tensor> expected = tensors(EXPECTED);
    return new Computed(matrix(expected.get("codes")), matrix(expected.get("reconstructions")));
  }

  /** Checks that a model computes the codes and reconstructions of the library. */
  void assertComputes(SparseAutoencoderModel model) {
    double difference = Computed.by(model, rows()).differenceFrom(expected());
    assertTrue(difference <= TOLERANCE, name() + ": differs by " + difference);
  }

  private static float[][] matrix(Tensor tensor) {
    float[][] rows = new float[tensor.shape()[0]][];
    int columns = tensor.shape()[1];
    Arrays.setAll(rows, i -> Arrays.copyOfRange(tensor.values(), i * columns, (i + 1) * columns));
    return rows;
  }

  /** Checks that two files have the same tensors, to the last bit. */
  static void assertSameTensors(Map<String, Tensor> expected, Map<String, Tensor> actual) {
    assertTrue(
        expected.keySet().equals(actual.keySet()), expected.keySet() + " " + actual.keySet());
    expected.forEach(
        (name, tensor) -> {
          assertArrayEquals(tensor.shape(), actual.get(name).shape(), name);
          assertArrayEquals(tensor.values(), actual.get(name).values(), name);
        });
  }
}

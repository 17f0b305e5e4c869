package org.sparksae.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.spark.LocalSpark;
import picocli.CommandLine;

class ImportIdxTest {

  private static SparkSession spark;

  @TempDir private Path dir;
  private Path images;
  private Path labels;
  private Path output;

  /** What the last run printed for its user. */
  private String said;

  /** What it wrote to standard error. */
  private String error;

  @BeforeAll
  static void useTheSession() {
    spark = LocalSpark.session();
  }

  @BeforeEach
  void writeThreeImagesOfTwoPixels() throws IOException {
    images = Files.write(dir.resolve("images"), IdxBytes.images(3, 1, 2, 0, 255, 51, 102, 153, 1));
    labels = Files.write(dir.resolve("labels.gz"), IdxBytes.gzipped(IdxBytes.labels(9, 0, 255)));
    output = dir.resolve("a name with spaces.parquet");
  }

  @Test
  void writesPixelsOverWhiteAndLabelsInTheOrderOfTheFiles() throws IOException {
    assertEquals(0, run());
    assertEquals("image array<float>, label int", columns());
    List<Row> rows = rows();
    assertEquals(3, rows.size());
    // 51/255 = 0.2, 102/255 = 0.4, 153/255 = 0.6
    assertRow(9, new float[] {0f, 1f}, rows.get(0));
    assertRow(0, new float[] {0.2f, 0.4f}, rows.get(1));
    assertRow(255, new float[] {0.6f, 1 / 255f}, rows.get(2));
    assertEquals(List.of("_SUCCESS", "part"), filesIn(output));
  }

  @Test
  void limitTakesTheFirstRows() throws IOException {
    assertEquals(0, run("--limit", "2"));
    assertEquals(output + ": 2 rows of 3", said.strip());
    assertEquals(List.of(9, 0), rows().stream().map(row -> row.getInt(1)).toList());
  }

  @Test
  void limitBeyondTheFileTakesAll() throws IOException {
    assertEquals(0, run("--limit", "100"));
    assertEquals(3, rows().size());
  }

  @Test
  void limitMustBePositive() throws IOException {
    assertEquals(2, run("--limit", "0"));
    assertTrue(error.contains("--limit must be at least 1, got 0"), error);
    assertNothingWritten();
  }

  @Test
  void refusesAnExistingOutputUnlessToldToOverwrite() throws IOException {
    assertEquals(0, run());
    assertEquals(2, run("--limit", "1"));
    assertTrue(error.contains(output + " exists already"), error);
    assertEquals(3, rows().size());
    assertEquals(0, run("--limit", "1", "--overwrite"));
    assertEquals(1, rows().size());
  }

  @Test
  void refusesDifferentCountsAndNamesBothFiles() throws IOException {
    Files.write(labels, IdxBytes.labels(1, 2));
    assertEquals(2, run());
    assertTrue(error.contains(images + " holds 3 images"), error);
    assertTrue(error.contains(labels + " holds 2 labels"), error);
    assertNothingWritten();
  }

  @Test
  void damageBeyondTheLimitIsStillRefused() throws IOException {
    byte[] whole = Files.readAllBytes(images);
    Files.write(images, Arrays.copyOf(whole, whole.length - 1));
    assertEquals(2, run("--limit", "1"));
    assertTrue(error.contains("within record 3"), error);
    assertNothingWritten();
  }

  @Test
  void aFailedRunLeavesTheOldOutputAsItWas() throws IOException {
    assertEquals(0, run());
    Files.write(images, new byte[] {1, 2, 3, 4});
    assertEquals(2, run("--overwrite"));
    assertEquals(3, rows().size());
  }

  @Test
  void namesAMissingFile() throws IOException {
    Files.delete(images);
    assertEquals(2, run());
    assertTrue(error.contains(images.toString()), error);
    assertNothingWritten();
  }

  private int run(String... more) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    Stream<String> files =
        Stream.of("import-idx", "--images", images, "--labels", labels, "--output", output)
            .map(String::valueOf);
    int code = command.execute(Stream.concat(files, Stream.of(more)).toArray(String[]::new));
    said = out.toString();
    error = err.toString();
    return code;
  }

  private String columns() {
    return String.join(
        ", ",
        Stream.of(spark.read().parquet(output.toString()).schema().fields())
            .map(field -> field.name() + " " + field.dataType().catalogString())
            .toList());
  }

  private List<Row> rows() {
    return spark.read().parquet(output.toString()).collectAsList();
  }

  private static void assertRow(int label, float[] image, Row row) {
    List<Float> stored = row.getList(0);
    assertEquals(image.length, stored.size());
    float[] values = new float[image.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = stored.get(i);
    }
    assertArrayEquals(image, values);
    assertEquals(label, row.getInt(1));
  }

  /** The visible files; a part file only as "part", for its name holds a random id. */
  private static List<String> filesIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .map(name -> name.startsWith("part-") ? "part" : name)
          .sorted()
          .toList();
    }
  }

  /** Neither the output nor anything temporary. */
  private void assertNothingWritten() throws IOException {
    assertFalse(Files.exists(output));
    try (Stream<Path> files = Files.list(dir)) {
      assertTrue(files.noneMatch(file -> file.getFileName().toString().contains("_unfinished")));
    }
  }
}

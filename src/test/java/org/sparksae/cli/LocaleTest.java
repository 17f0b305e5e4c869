package org.sparksae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.Text;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;
import org.sparksae.spark.ml.SparseAutoencoderModel;

/**
 * Names of files, results and messages are the same whatever the JVM's default locale: its digits
 * may be others, its decimal point a comma, and the small letter of I one without a dot.
 */
@ExtendWith(LocalSpark.class)
class LocaleTest extends JobRunner {
  private static final Pattern OTHER_DIGITS = Pattern.compile("[\\p{Nd}&&[^0-9]]");

  private final Locale before = Locale.getDefault();

  @AfterEach
  void restore() {
    Locale.setDefault(before);
  }

  /** Written in an ordinary locale, so that the names of Spark's own files are no matter. */
  private String job() throws IOException {
    String input = dir.resolve("rows.parquet").toString();
    float[][] rows = TestFrames.rows(1200, 6, 5);
    TestFrames.frame(InputType.FLOATS, TestFrames.split(rows, 2)).write().parquet(input);
    Path checkpoints = dir.resolve("checkpoints");
    String text =
        """
        input { path = "%s", columns = [features] }
        model {
          hiddenLayers = [4], solver = l-bfgs, activation = sigmoid, maxIter = 4
          checkpointDir = "%s", checkpointInterval = 2
        }
        output.dir = "%s"
        """;
    return Files.writeString(dir.resolve("job.conf"), Text.format(text, input, checkpoints, out))
        .toString();
  }

  private List<String> checkpoints() throws IOException {
    try (Stream<Path> files = Files.list(dir.resolve("checkpoints"))) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(f -> f.startsWith("c"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tr", "ar-EG", "fa-IR", "hi-IN-u-nu-deva", "th-TH-u-nu-thai"})
  void filesResultsAndMessagesAreThoseOfEveryLocale(String tag) throws IOException {
    String job = job();
    Locale.setDefault(Locale.forLanguageTag(tag));

    assertEquals(0, run("train", job), error);
    assertPlain(said);
    assertTrue(said.contains("iterations over 1,200 rows of 6 values"), said);
    assertPlain(Files.readString(out.resolve("summary.json")));
    assertPlain(Files.readString(dir.resolve("checkpoints/run.txt")));
    assertEquals(
        List.of("checkpoint-00000002.safetensors", "checkpoint-00000004.safetensors"),
        checkpoints());
    String model = out.resolve("model").toString();
    assertEquals(2 * 6 * 4 + 4 + 6, SparseAutoencoderModel.load(model).parameters().length);

    // The checkpoints are found: another training may not go on from them.
    assertEquals(2, run("train", job, "--overwrite", "--set", "model.seed=3"));
    assertTrue(error.contains("seed"), error);
    assertPlain(error);
    assertEquals(2, run("train", job, "--overwrite", "--set", "model.maxIter=-1"));
    assertTrue(error.contains("-1"), error);
    assertPlain(error);
  }

  @Test
  void textsHaveTheDigitsAndThePointOfEnglish() {
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    assertEquals("0012 1,234 0.50 ff", Text.format("%04d %,d %.2f %x", 12, 1234, 0.5, 255));
  }

  private static void assertPlain(String text) {
    assertFalse(OTHER_DIGITS.matcher(text).find(), text);
  }
}

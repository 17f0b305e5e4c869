package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparksae.spark.ChildJvm;

/**
 * Fits of every kind have the bits that they had. A digest that moves says that a change moved bits
 * of models: if it was meant to, the file beside this test is replaced by what the failure shows.
 *
 * <p>Products are Java's, and vectors of 256 bits whatever the processor has, so the digests are
 * the same on every x86-64 machine with AVX2.
 */
class GoldenDigestsTest {
  @TempDir private Path scratch;

  @ParameterizedTest
  @CsvSource({"scalar, java", "vector, vector"})
  void fitsHaveTheBitsThatTheyHad(String kernels, String products) throws Exception {
    assumeTrue(
        System.getProperty("os.arch").equals("amd64"),
        "digests are of x86-64; the arithmetic of other processors rounds otherwise");
    Path output = scratch.resolve("digests.txt");
    Process process =
        new ProcessBuilder(command(kernels, products))
            .redirectOutput(output.toFile())
            .redirectError(scratch.resolve("errors.txt").toFile())
            .start();
    assertEquals(0, process.waitFor(), () -> text(scratch.resolve("errors.txt")));
    String lines =
        text(output)
            .lines()
            .filter(line -> line.startsWith(GoldenFits.LINE))
            .map(line -> line.substring(GoldenFits.LINE.length()) + "\n")
            .collect(Collectors.joining());
    assertTrue(lines.lines().count() > 50, lines);
    assertEquals(expected(kernels), lines);
  }

  /** The first compiler alone: fits are short, and what it makes has the same bits. */
  private static List<String> command(String kernels, String products) {
    return ChildJvm.command(
        GoldenFits.class,
        List.of(
            "-XX:UseAVX=2",
            "-XX:TieredStopAtLevel=1",
            "-Dorg.sparksae.kernels=" + kernels,
            "-Dorg.sparksae.blas=" + products));
  }

  private static String expected(String kernels) throws IOException {
    try (InputStream file =
        GoldenDigestsTest.class.getResourceAsStream("/golden/%s.txt".formatted(kernels))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

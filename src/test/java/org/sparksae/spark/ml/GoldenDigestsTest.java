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
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.spark.ChildJvm;

/**
 * Fits of every kind have the bits that they had. A digest that moves says that a change moved bits
 * of models: if it was meant to, the file beside this test is replaced by what the failure shows.
 *
 * <p>Products are Java's, and vectors of 256 bits whatever the processor has, so the digests are
 * the same on every x86-64 machine with AVX2.
 */
class GoldenDigestsTest {
  /** The products of each kind of kernels. */
  private static final Map<String, String> PRODUCTS = Map.of("scalar", "java", "vector", "vector");

  private static final Map<String, Process> PROCESSES = new TreeMap<>();

  @TempDir private static Path scratch;

  /** At once, because each of them is seldom more than one busy thread. */
  @BeforeAll
  static void startBoth() throws IOException {
    assumeTrue(
        System.getProperty("os.arch").equals("amd64"),
        "digests are of x86-64; the arithmetic of other processors rounds otherwise");
    for (Map.Entry<String, String> of : PRODUCTS.entrySet()) {
      Process process =
          new ProcessBuilder(command(of.getKey(), of.getValue()))
              .redirectOutput(output(of.getKey()).toFile())
              .redirectError(errors(of.getKey()).toFile())
              .start();
      PROCESSES.put(of.getKey(), process);
    }
  }

  @AfterAll
  static void endBoth() {
    PROCESSES.values().forEach(Process::destroyForcibly);
  }

  private static Path output(String kernels) {
    return scratch.resolve(kernels + ".txt");
  }

  private static Path errors(String kernels) {
    return scratch.resolve(kernels + ".err");
  }

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector"})
  void fitsHaveTheBitsThatTheyHad(String kernels) throws Exception {
    assertEquals(0, PROCESSES.get(kernels).waitFor(), () -> text(errors(kernels)));
    String lines =
        text(output(kernels))
            .lines()
            .filter(line -> line.startsWith(GoldenFits.LINE))
            .map(line -> line.substring(GoldenFits.LINE.length()) + "\n")
            .collect(Collectors.joining());
    assertTrue(lines.lines().count() > 50, lines);
    assertEquals(expected(kernels), lines);
  }

  /**
   * The first compiler alone: fits are short, and what it makes has the same bits. Engines call the
   * kernels as they are, so theirs are made with one kind of them.
   */
  private static List<String> command(String kernels, String products) {
    return ChildJvm.command(
        GoldenFits.class,
        List.of(
            "-XX:UseAVX=2",
            "-XX:TieredStopAtLevel=1",
            "-Dorg.sparksae.kernels=" + kernels,
            "-Dorg.sparksae.blas=" + products),
        kernels.equals("vector") ? new String[] {GoldenFits.ENGINES} : new String[0]);
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

package org.sparksae.core.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class KernelProvidersTest {
  /** Prints the kernels' choice: run in a process of its own. */
  static final class Probe {
    private Probe() {}

    public static void main(String[] args) {
      float[] z = {0};
      Kernels.sigmoid(z, 0, 1);
      System.out.print(z[0] + " " + Kernels.backend());
    }
  }

  @Test
  void theVectorApiIsChosenWhereItIs() {
    KernelProviders.Choice choice = KernelProviders.choose(null);
    assertNotEquals(ScalarKernels.class, choice.provider().getClass());
    assertTrue(choice.text().matches("Vector API, \\d+ bit"), choice.text());
    assertEquals(choice.text(), KernelProviders.choose("auto").text());
    assertEquals(choice.text(), KernelProviders.choose(" Vector").text());
  }

  @Test
  void aSettingForcesThePlainLoops() {
    KernelProviders.Choice choice = KernelProviders.choose("scalar");
    assertInstanceOf(ScalarKernels.class, choice.provider());
    assertEquals("plain Java: -Dorg.sparksae.kernels=scalar", choice.text());
  }

  @Test
  void anUnknownSettingIsRefusedWithTheKnownOnes() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> KernelProviders.choose("avx"))
            .getMessage();
    assertEquals("org.sparksae.kernels must be one of auto, vector, scalar; got 'avx'", message);
  }

  @Test
  void withoutTheModuleTheLoopsRunAndSayWhy() throws Exception {
    assertEquals(
        "0.5 plain Java: vector kernels need Java to be started with --add-modules"
            + " jdk.incubator.vector",
        probe());
    String forced = probe("-Dorg.sparksae.kernels=vector");
    assertTrue(
        forced.contains("vector kernels need Java to be started with --add-modules"), forced);
  }

  /** What {@link Probe} prints in a process without the incubator module. */
  private static String probe(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Probe.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (InputStream out = process.getInputStream()) {
      String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      return text;
    } finally {
      process.destroyForcibly();
    }
  }
}

package org.sparksae.core.linalg.bfloat16;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sparksae.core.linalg.natives.Messages.assertContains;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The choice in JVMs of their own, as it is made once in each. */
class Bfloat16ProcessTest {
  private static final String ALL = System.getProperty("java.class.path");

  /** What a user has who adds nothing. */
  private static final String WITHOUT_ARTIFACT =
      Arrays.stream(ALL.split(File.pathSeparator))
          .filter(place -> !place.contains("bytedeco"))
          .collect(Collectors.joining(File.pathSeparator));

  /** No processor is better than this for oneDNN. */
  private static final Map<String, String> OLD_PROCESSOR = Map.of("ONEDNN_MAX_CPU_ISA", "AVX2");

  @TempDir private Path scratch;

  @BeforeEach
  void onItsPlatform() {
    OneDnnForTests.assumePlatform();
  }

  @Test
  void withoutTheArtifactFloatsAreMultiplied() throws Exception {
    assertContains(
        said(WITHOUT_ARTIFACT, Map.of()),
        "name float32 products of rounded values",
        "reason no org.bytedeco:dnnl on the class path: add --jars dnnl-",
        "fast false",
        "product 6.0");
  }

  @Test
  void withoutTheInstructionsFloatsAreMultiplied() throws Exception {
    assertContains(
        said(ALL, OLD_PROCESSOR),
        "name float32 products of rounded values",
        "neither AVX512_BF16 nor AMX",
        "product 6.0");
  }

  @Test
  void aForcedOneThatCannotBeUsedIsRefusedAtEachCall() throws Exception {
    for (String said :
        List.of(
            said(WITHOUT_ARTIFACT, Map.of(), "-Dorg.sparksae.gemm=onednn"),
            said(ALL, OLD_PROCESSOR, "-Dorg.sparksae.gemm=onednn"))) {
      assertContains(
          said,
          "refused org.sparksae.gemm is onednn, which cannot be used here: ",
          "again org.sparksae.gemm is onednn",
          "set it to auto");
    }
    assertContains(
        said(ALL, Map.of(), "-Dorg.sparksae.gemm=bf16"),
        "refused org.sparksae.gemm must be one of auto, onednn, float32, emulated, got 'bf16'",
        "again");
  }

  @Test
  void floatsWhenForced() throws Exception {
    assertContains(
        said(ALL, Map.of(), "-Dorg.sparksae.gemm=float32"),
        "name float32 products of rounded values",
        "reason -Dorg.sparksae.gemm=float32",
        "product 6.0");
  }

  @Test
  void oneDnnWhereTheProcessorHasTheInstructions() throws Exception {
    OneDnnForTests.products(ElementType.BFLOAT16);
    assertContains(said(ALL, Map.of()), "name oneDNN 3.", "fast true", "product 6.0");
    assertContains(
        said(ALL, Map.of(), "-Dorg.sparksae.gemm=onednn"),
        "name oneDNN 3.",
        "reason -Dorg.sparksae.gemm=onednn; ");
  }

  private String said(String classPath, Map<String, String> environment, String... options)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.add("-Dorg.sparksae.nativeDir=" + scratch.resolve("native"));
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", classPath, Bfloat16Probe.class.getName()));
    Path errors = scratch.resolve("errors");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes());
    assertTrue(process.waitFor(1, TimeUnit.MINUTES), "the JVM does not end");
    assertEquals(0, process.exitValue(), output);
    return output;
  }
}

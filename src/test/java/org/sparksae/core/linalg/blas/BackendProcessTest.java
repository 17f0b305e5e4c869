package org.sparksae.core.linalg.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.sparksae.core.linalg.natives.Messages.assertContains;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.core.linalg.natives.NativeBundle;

/** The choice in JVMs of their own, as it is made once in each. */
class BackendProcessTest {
  @TempDir private Path scratch;

  @BeforeEach
  void onPlatformsWithABundle() {
    String here = NativeBundle.platform(System.getProperties());
    assumeTrue(List.of("linux-x86_64", "linux-arm64").contains(here), here);
  }

  @Test
  void twoJvmsExtractAtOnceAndAThirdUsesTheSameFiles() throws Exception {
    Process one = start(List.of(directory()));
    Process two = start(List.of(directory()));
    for (String said : List.of(said(one), said(two))) {
      assertContains(said, "name OpenBLAS 0.3.", "second choice false");
    }
    List<Path> files = files();
    String third = said(start(List.of(directory(), "-Dorg.sparksae.blas=openblas")));
    assertContains(third, "name OpenBLAS 0.3.", "reason -Dorg.sparksae.blas=openblas");
    assertEquals(files, files());
  }

  /** A broken library for all of netlib: MLlib has none, we have ours. */
  @Test
  void openBlasIsThereThoughNetlibFailedBefore() throws Exception {
    String said =
        said(
            start(
                List.of(directory(), "-Ddev.ludovic.netlib.blas.nativeLib=libnone.so"),
                BackendProbe.NETLIB_FIRST));
    assertContains(said, "name OpenBLAS 0.3.", "libnone.so", "second choice true");
  }

  @Test
  void withoutAUsableDirectoryJavaComputes() throws Exception {
    Path file = Files.createFile(scratch.resolve("file"));
    String said =
        said(
            start(
                List.of("-Dorg.sparksae.nativeDir=" + file, "--add-modules=jdk.incubator.vector")));
    assertContains(said, "name VectorBLAS", file + ": is not a directory", "second choice true");
  }

  /** Mounted so in a namespace of its own, where the system allows that. */
  @Test
  void aNoexecDirectoryIsAReasonAndTheNextOneIsUsed() throws Exception {
    Path mount = Files.createDirectory(scratch.resolve("mount"));
    List<String> mounted =
        List.of("unshare", "-m", "sh", "-c", "mount -t tmpfs -o noexec none \"$0\" && exec \"$@\"");
    assumeTrue(isPossible(mounted, mount), "no right to mount");

    String forced = "-Dorg.sparksae.nativeDir=" + mount.resolve("native");
    String said = said(start(mounted, mount, List.of(forced), Map.of()));
    assertContains(said, "name Java11BLAS", mount.toString(), "failed to map segment");

    Path temporary = Files.createDirectory(scratch.resolve("temporary"));
    String next =
        said(
            start(
                mounted,
                mount,
                List.of("-Duser.home=" + mount, "-Djava.io.tmpdir=" + temporary),
                Map.of("XDG_CACHE_HOME", "")));
    assertContains(next, "name OpenBLAS 0.3.", temporary.toString(), "second choice false");
  }

  /** Netlib's own file goes to the temporary directory. */
  @Test
  void withoutATemporaryDirectoryJavaComputes() throws Exception {
    String said = said(start(List.of(directory(), "-Djava.io.tmpdir=" + scratch.resolve("none"))));
    assertContains(said, "name Java11BLAS", "java.io.tmpdir", "second choice true");
  }

  @Test
  void javaWhenForcedEvenWithoutTheVectorModule() throws Exception {
    String said = said(start(List.of("-Dorg.sparksae.blas=java")));
    assertContains(said, "name Java11BLAS", "--add-modules=jdk.incubator.vector");
    String vector = said(start(List.of("-Dorg.sparksae.blas=vector")));
    assertContains(vector, "refused", "org.sparksae.blas is vector", "jdk.incubator.vector");
  }

  @Test
  void aForcedOneThatFailsIsRefusedAtEachCall() throws Exception {
    Path file = Files.createFile(scratch.resolve("file"));
    String said =
        said(start(List.of("-Dorg.sparksae.nativeDir=" + file, "-Dorg.sparksae.blas=openblas")));
    assertContains(said, "refused org.sparksae.blas is openblas", "is not a directory", "again");
    assertContains(
        said(start(List.of("-Dorg.sparksae.blas=mkl"))),
        "must be one of auto, openblas, system, java, vector, got 'mkl'",
        "again");
  }

  private String directory() {
    return "-Dorg.sparksae.nativeDir=" + scratch.resolve("native");
  }

  private List<Path> files() throws IOException {
    try (var files = Files.walk(scratch.resolve("native"))) {
      return files.filter(f -> !f.getFileName().toString().endsWith(".tmp")).sorted().toList();
    }
  }

  private static boolean isPossible(List<String> mounted, Path mount) throws Exception {
    List<String> command = new ArrayList<>(mounted);
    command.addAll(List.of(mount.toString(), "true"));
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private Process start(List<String> options, String... arguments) throws IOException {
    return start(command(options, arguments), Map.of());
  }

  private Process start(
      List<String> mounted, Path mount, List<String> options, Map<String, String> environment)
      throws IOException {
    List<String> command = new ArrayList<>(mounted);
    command.add(mount.toString());
    command.addAll(command(options));
    return start(command, environment);
  }

  private static List<String> command(List<String> options, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(BackendProbe.class.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  private Process start(List<String> command, Map<String, String> environment) throws IOException {
    Path errors = Files.createTempFile(scratch, "probe", ".err");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static String said(Process process) throws Exception {
    String output = new String(process.getInputStream().readAllBytes());
    assertTrue(process.waitFor(1, TimeUnit.MINUTES), "the JVM does not end");
    assertEquals(0, process.exitValue(), output);
    return output;
  }
}

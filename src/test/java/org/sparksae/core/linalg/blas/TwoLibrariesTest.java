package org.sparksae.core.linalg.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.sparksae.core.linalg.natives.Messages.assertContains;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.linalg.natives.NativeBundle;

/**
 * MLlib's netlib in the OpenBLAS of the system and this library in its own, in one JVM. {@code
 * .ci/run} installs the system's.
 */
class TwoLibrariesTest {
  private static final Path VERSIONS = Path.of(System.getProperty("netlib.versions"));
  private static final Pattern NETLIB = Pattern.compile("netlib/blas/[^/]+/blas-[^/]+\\.jar$");

  @TempDir private static Path scratch;

  /** Why there are no two libraries here; null if there are. */
  private static String missing;

  @BeforeAll
  static void lookForTheSystemsOpenBlas() throws Exception {
    String here = NativeBundle.platform(System.getProperties());
    if (!List.of("linux-x86_64", "linux-arm64").contains(here)) {
      missing = "the jar has no OpenBLAS for " + here;
      return;
    }
    String files = files(said(start("3.2.0", TwoLibrariesProbe.MLLIB)));
    missing =
        files.contains("libopenblas")
            ? null
            : "the system's libblas.so.3 is no OpenBLAS, install libopenblas0: " + files;
  }

  /** The versions that Spark 3.5 to 4.2 bring. */
  @ParameterizedTest
  @ValueSource(strings = {"3.0.3", "3.0.4", "3.2.0"})
  void eachComputesInItsOwnWhoeverIsFirst(String version) throws Exception {
    assumeTrue(missing == null, missing);
    Process mllibFirst = start(version, TwoLibrariesProbe.MLLIB, TwoLibrariesProbe.OURS);
    Process oursFirst = start(version, TwoLibrariesProbe.OURS, TwoLibrariesProbe.MLLIB);
    for (String said : List.of(said(mllibFirst), said(oursFirst))) {
      assertContains(said, "name OpenBLAS 0.3.", "(bundled, ", "reason the OpenBLAS that comes in");
      assertEquals(2, files(said).split(",").length, said);
    }
  }

  /** What the JVM said, which has checked every product. */
  private static String said(Process process) throws Exception {
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(1, TimeUnit.MINUTES), "the JVM does not end");
    assertEquals(0, process.exitValue(), said);
    return said;
  }

  private static String files(String said) {
    return said.lines()
        .filter(l -> l.startsWith(TwoLibrariesProbe.FILES))
        .findFirst()
        .orElseThrow();
  }

  private static Process start(String netlib, String... order) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-Dorg.sparksae.nativeDir=" + scratch.resolve("native")));
    command.addAll(List.of("-cp", classPath(netlib), TwoLibrariesProbe.class.getName()));
    command.addAll(List.of(order));
    // A crash leaves its report in the directory.
    return new ProcessBuilder(command)
        .directory(scratch.toFile())
        .redirectErrorStream(true)
        .start();
  }

  /** This JVM's, with another version of netlib. */
  private static String classPath(String netlib) {
    Path jar = VERSIONS.resolve("blas-" + netlib + ".jar");
    assertTrue(Files.exists(jar), () -> "the build has not copied " + jar);
    List<String> entries = new ArrayList<>();
    int replaced = 0;
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Matcher matcher = NETLIB.matcher(entry.replace(File.separatorChar, '/'));
      boolean isNetlib = matcher.find();
      replaced += isNetlib ? 1 : 0;
      entries.add(isNetlib ? jar.toAbsolutePath().toString() : entry);
    }
    assertEquals(1, replaced, "netlib's jar on the class path");
    return String.join(File.pathSeparator, entries);
  }
}

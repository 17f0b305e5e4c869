package org.sparksae.core.linalg.natives;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sparksae.core.linalg.natives.Messages.assertContains;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.Digests;

/** Files of the jar on disk: whole, once, and replaced when they are not what they should be. */
class ExtractionTest {
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

  @TempDir private Path scratch;

  /** The jar holds exactly what the sums say; a new version of a library needs new sums. */
  @ParameterizedTest
  @ValueSource(strings = {"linux-x86_64", "linux-arm64", "jna", "netlib"})
  void everyBundleIsWhole(String name) throws Exception {
    NativeBundle bundle = NativeBundle.of(name);
    Path directory = Extraction.extract(bundle, scratch.resolve("new"));
    assertEquals(scratch.resolve("new").resolve(name + "-" + bundle.digest()), directory);
    assertIntact(bundle, directory);
  }

  @Test
  void whatIsThereIsUsedAgain() throws Exception {
    NativeBundle bundle = NativeBundle.of("jna");
    Path file = Extraction.extract(bundle, scratch).resolve("jna.jar");
    Files.setLastModifiedTime(file, LONG_AGO);
    Extraction.extract(bundle, scratch);
    assertEquals(LONG_AGO, Files.getLastModifiedTime(file));
  }

  @Test
  void aDamagedFileIsReplaced() throws Exception {
    NativeBundle bundle = NativeBundle.of("jna");
    Path directory = Extraction.extract(bundle, scratch);
    Path file = directory.resolve("jna.jar");
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(1000);
      int old = bytes.read();
      bytes.seek(1000);
      bytes.write(~old);
    }
    Extraction.extract(bundle, scratch);
    assertIntact(bundle, directory);

    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.setLength(1234);
    }
    Extraction.extract(bundle, scratch);
    assertIntact(bundle, directory);
  }

  @Test
  void aDirectoryInAFilesPlaceIsAnError() throws Exception {
    NativeBundle bundle = NativeBundle.of("jna");
    Path file = Extraction.extract(bundle, scratch).resolve("jna.jar");
    Files.delete(file);
    Files.createDirectories(file.resolve("full"));
    assertThrows(IOException.class, () -> Extraction.extract(bundle, scratch));
  }

  @Test
  void contentsThatAreNotAsTheSumsSayAreRefused() throws Exception {
    NativeBundle real = NativeBundle.of("jna");
    NativeBundle.Entry wrong =
        new NativeBundle.Entry("jna.jar", "0".repeat(64), real.entries().get(0).contents());
    NativeBundle bundle = new NativeBundle("jna", List.of(wrong), real.digest());
    IOException refused =
        assertThrows(IOException.class, () -> Extraction.extract(bundle, scratch));
    assertContains(refused.getMessage(), "jna.jar has SHA-256", "the jar or the disk is damaged");
    assertEquals(List.of(), names(scratch.resolve("jna-" + bundle.digest())));
  }

  @Test
  void threadsExtractAtOnce() throws Exception {
    NativeBundle bundle = NativeBundle.of("jna");
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Path>> tasks = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        tasks.add(() -> Extraction.extract(bundle, scratch.resolve("new")));
      }
      for (Future<Path> directory : pool.invokeAll(tasks)) {
        assertIntact(bundle, directory.get());
      }
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void anUnknownPlatformHasNone() {
    assertEquals(
        "none is included for plan-9-mips",
        assertThrows(UnavailableException.class, () -> NativeBundle.of("plan-9-mips"))
            .getMessage());
  }

  /** As those of an artifact that a user adds, whose sums nobody knows before. */
  @Test
  void filesOfAnotherJarHaveTheSumsOfTheirContents() throws Exception {
    Path one = Files.writeString(scratch.resolve("libone.so"), "one");
    Path two = Files.writeString(scratch.resolve("libtwo.so"), "two");
    List<URL> files = List.of(one.toUri().toURL(), two.toUri().toURL());
    NativeBundle bundle = NativeBundle.of("mine", files);
    Path directory = Extraction.extract(bundle, scratch.resolve("new"));
    assertEquals("mine-" + bundle.digest(), directory.getFileName().toString());
    assertIntact(bundle, directory);
    assertEquals(List.of("libone.so", "libtwo.so"), names(directory));

    Files.writeString(two, "two, changed");
    assertNotEquals(bundle.digest(), NativeBundle.of("mine", files).digest());
    IOException changed =
        assertThrows(IOException.class, () -> Extraction.extract(bundle, scratch.resolve("newer")));
    assertContains(changed.getMessage(), "libtwo.so has SHA-256");
  }

  private static void assertIntact(NativeBundle bundle, Path directory) throws IOException {
    for (NativeBundle.Entry entry : bundle.entries()) {
      byte[] contents = Files.readAllBytes(directory.resolve(entry.file()));
      assertEquals(entry.sha256(), HexFormat.of().formatHex(Digests.sha256().digest(contents)));
    }
    List<String> expected =
        bundle.entries().stream().map(NativeBundle.Entry::file).sorted().toList();
    assertTrue(names(directory).containsAll(expected));
  }

  private static List<String> names(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }
}

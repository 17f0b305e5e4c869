package org.sparksae.core.linalg.natives;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.sparksae.core.linalg.natives.Messages.assertContains;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where libraries may be put, and where not. */
class NativeDirectoriesTest {
  @TempDir private Path scratch;

  @Test
  void theUsersCacheFirstThenATemporaryDirectoryOfHisOwn() {
    assertEquals(
        List.of(Path.of("/home/ann/.cache/sparksae"), Path.of("/var/tmp/sparksae-ann")),
        NativeDirectories.candidates(properties("/home/ann"), Map.of()));
    assertEquals(
        List.of(Path.of("/cache/sparksae"), Path.of("/var/tmp/sparksae-ann")),
        NativeDirectories.candidates(properties("/home/ann"), Map.of("XDG_CACHE_HOME", "/cache")));
  }

  /** As in a container whose user is a bare number. */
  @Test
  void withoutAHomeOnlyTheTemporaryDirectory() {
    Properties properties = properties("?");
    properties.setProperty("user.name", "?");
    assertEquals(
        List.of(Path.of("/var/tmp/sparksae-_")),
        NativeDirectories.candidates(properties, Map.of("XDG_CACHE_HOME", "relative")));
  }

  @Test
  void aNamedDirectoryIsTheOnlyOne() {
    Properties properties = properties("/home/ann");
    properties.setProperty(NativeDirectories.PROPERTY, "/opt/native");
    assertEquals(
        List.of(Path.of("/opt/native")), NativeDirectories.candidates(properties, Map.of()));
  }

  @Test
  void aNewDirectoryIsTheUsersAlone() throws IOException {
    Path directory = scratch.resolve("a/b/c");
    NativeDirectories.ensure(directory);
    for (Path made : List.of(directory, directory.getParent())) {
      assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
    }
    NativeDirectories.ensure(directory);
  }

  @Test
  void oneThatOthersCanWriteIsRefused() throws IOException {
    for (String mode : List.of("rwxrwxrwx", "rwxrwxr-x", "rwx----w-")) {
      Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString(mode));
      assertRefused(scratch, "can be written by others (" + mode + "): chmod go-w");
    }
    Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
    NativeDirectories.ensure(scratch);
  }

  @Test
  void aFileOrALinkIsRefused() throws IOException {
    assertRefused(Files.createFile(scratch.resolve("file")), "is not a directory");
    Path target = Files.createDirectory(scratch.resolve("target"));
    assertRefused(Files.createSymbolicLink(scratch.resolve("link"), target), "is not a directory");
    IOException below =
        assertThrows(
            IOException.class, () -> NativeDirectories.ensure(scratch.resolve("file/below")));
    assertContains(UnavailableException.reason(below), "file");
  }

  @Test
  void oneOfSomebodyElseIsRefused() throws IOException {
    Path other = Files.createDirectory(scratch.resolve("other"));
    try {
      Files.setAttribute(other, "unix:uid", 54321);
    } catch (IOException e) {
      assumeTrue(false, "only root can give a directory away");
    }
    assertRefused(other, "belongs to user 54321");
  }

  private static void assertRefused(Path directory, String part) {
    IOException refused =
        assertThrows(IOException.class, () -> NativeDirectories.ensure(directory));
    assertContains(refused.getMessage(), part);
  }

  private static Properties properties(String home) {
    Properties properties = new Properties();
    properties.setProperty("user.home", home);
    properties.setProperty("user.name", "ann");
    properties.setProperty("java.io.tmpdir", "/var/tmp");
    return properties;
  }
}

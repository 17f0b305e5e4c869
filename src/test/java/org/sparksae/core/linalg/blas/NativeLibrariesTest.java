package org.sparksae.core.linalg.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.sparksae.core.linalg.natives.Messages.assertContains;

import dev.ludovic.netlib.blas.BLAS;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.core.linalg.natives.Extraction;
import org.sparksae.core.linalg.natives.NativeBundle;
import org.sparksae.core.linalg.natives.NativeDirectories;
import org.sparksae.core.linalg.natives.SharedLibraries;
import org.sparksae.core.linalg.natives.TemporaryProperties;
import org.sparksae.core.linalg.natives.UnavailableException;

/** Libraries that load, and real ones that do not. */
class NativeLibrariesTest {
  private static final String HERE = NativeBundle.platform(System.getProperties());

  @TempDir private Path scratch;

  @BeforeEach
  void onPlatformsWithABundle() {
    assumeTrue(List.of("linux-x86_64", "linux-arm64").contains(HERE), HERE);
  }

  @Test
  void platformsHaveTheNamesOfTheirBundles() {
    assertEquals("linux-x86_64", platform("Linux", "amd64"));
    assertEquals("linux-arm64", platform("Linux", "aarch64"));
    assertEquals("mac-os-x-arm64", platform("Mac OS X", "aarch64"));
    assertEquals("linux-riscv64", platform("Linux", "riscv64"));
  }

  private static String platform(String system, String machine) {
    Properties properties = new Properties();
    properties.setProperty("os.name", system);
    properties.setProperty("os.arch", machine);
    return NativeBundle.platform(properties);
  }

  /** As after MLlib: netlib has chosen already, and chooses no second time by itself. */
  @Test
  void openBlasLoadsBesideWhatNetlibHasChosen() throws Exception {
    BLAS before = BLAS.getInstance();
    BlasBackend backend = bundled(HERE, scratch).load();
    assertNotSame(before, backend.blas());
    assertContains(backend.name(), "OpenBLAS 0.3.", "(bundled, ");
    assertContains(backend.reason(), scratch.toString());
    ProductCheck.check(backend.blas());
    ProductCheck.check(before);
    // Once more, as from a second class loader in the same JVM.
    ProductCheck.check(bundled(HERE, scratch).load().blas());
    assertNull(System.getProperty(Netlib.PATH_PROPERTY));
    assertNull(System.getProperty("jna.tmpdir"));
  }

  @Test
  void openBlasUsesOneThread() throws Exception {
    NativeBundle bundle = NativeBundle.of(HERE);
    Path directory = Extraction.extract(bundle, scratch);
    BundledOpenBlas.open(bundle, directory, scratch);
    SharedLibraries libraries = SharedLibraries.open(scratch);
    String path = directory.resolve("libopenblas.so.0").toString();
    assertEquals(1, libraries.load(path).number("openblas_get_num_threads").orElseThrow());
  }

  /** What a log says of the library is true, or the library is not used. */
  @Test
  void aLibraryThatNetlibDoesNotCallIsRefused() throws Exception {
    String called = Extraction.extract(NativeBundle.of(HERE), scratch) + "/libopenblas.so.0";
    bundled(HERE, scratch).load();
    Path other = Files.copy(Path.of(called), scratch.resolve("libother.so"));
    SharedLibraries.Library loaded = SharedLibraries.open(scratch).load(other.toString());
    assertContains(
        assertThrows(UnavailableException.class, () -> Netlib.load(called, loaded)).getMessage(),
        "sgemm_",
        other.toString());
    ProductCheck.check(Netlib.load(other.toString(), loaded));
  }

  /** Netlib's version is the jar's, whatever Spark brings: older ones call the whole process. */
  @Test
  void netlibIsOursAndItsInterfaceIsEverybodys() throws Exception {
    BLAS blas = bundled(HERE, scratch).load().blas();
    assertEquals("dev.ludovic.netlib.blas.JNIBLAS", blas.getClass().getName());
    assertNotSame(BLAS.class.getClassLoader(), blas.getClass().getClassLoader());
    assertNotSame(BLAS.class.getClassLoader(), blas.getClass().getSuperclass().getClassLoader());
  }

  @Test
  void anotherMachinesLibraryIsAReason() {
    String other = HERE.equals("linux-arm64") ? "linux-x86_64" : "linux-arm64";
    assertUnavailable(bundled(other, scratch), scratch.toString(), "cannot open shared object");
  }

  @Test
  void aPlatformWithoutABundleIsAReason() {
    assertUnavailable(bundled("mac-os-x-arm64", scratch), "none is included for mac-os-x-arm64");
  }

  @Test
  void aFileInTheDirectorysPlaceIsAReason() throws IOException {
    Path file = Files.createFile(scratch.resolve("file"));
    assertUnavailable(bundled(HERE, file), file.toString(), "is not a directory");
  }

  /** Where extracting works and loading does not, as on a file system mounted noexec. */
  @Test
  void theNextDirectoryIsTriedWhenOneCannotBeExecuted() throws Exception {
    Path noexec = scratch.resolve("noexec");
    Path usable = scratch.resolve("usable");
    List<Path> opened = new ArrayList<>();
    BundledOpenBlas.Opener opener =
        (bundle, directory, parent) -> {
          opened.add(parent);
          if (parent.equals(noexec)) {
            throw new UnavailableException("failed to map segment from shared object");
          }
          return BundledOpenBlas.open(bundle, directory, parent);
        };
    BlasBackend backend = new BundledOpenBlas(HERE, List.of(noexec, usable), opener).load();
    assertEquals(List.of(noexec, usable), opened);
    ProductCheck.check(backend.blas());

    opened.clear();
    assertUnavailable(
        new BundledOpenBlas(HERE, List.of(noexec), opener),
        noexec + ": failed to map segment from shared object");
  }

  @Test
  void aSystemBlasByItsPath() throws Exception {
    NativeBundle bundle = NativeBundle.of(HERE);
    Path directory = Extraction.extract(bundle, scratch);
    // So that its own libraries are found.
    bundled(HERE, scratch).load();
    Path library = Files.copy(directory.resolve("libopenblas.so.0"), scratch.resolve("libmine.so"));
    try (TemporaryProperties properties = new TemporaryProperties()) {
      properties.set(Netlib.PATH_PROPERTY, library.toString());
      BlasBackend backend = new SystemBlas(withDirectory(), Map.of()).load();
      assertContains(backend.name(), "OpenBLAS 0.3.", "(system, ");
      assertContains(backend.reason(), library + ", one thread a task");
      assertFalse(backend.secondChoice());
      ProductCheck.check(backend.blas());
    }
  }

  @Test
  void aSystemBlasThatIsNoneIsAReason() throws IOException {
    Path text = Files.writeString(scratch.resolve("libtext.so"), "this is no library ".repeat(100));
    Path empty = Files.createFile(scratch.resolve("libempty.so"));
    assertSystemUnavailable(text.toString(), "invalid ELF header");
    assertSystemUnavailable(empty.toString(), "file too short");
    assertSystemUnavailable("/none/libblas.so", "/none/libblas.so");
    assertSystemUnavailable(scratch.toString(), scratch.toString());
  }

  private void assertSystemUnavailable(String path, String part) {
    Properties properties = withDirectory();
    properties.setProperty(Netlib.PATH_PROPERTY, path);
    SystemBlas system = new SystemBlas(properties, Map.of());
    assertContains(assertThrows(UnavailableException.class, system::load).getMessage(), part);
  }

  private Properties withDirectory() {
    Properties properties = new Properties();
    properties.putAll(System.getProperties());
    properties.setProperty(NativeDirectories.PROPERTY, scratch.toString());
    return properties;
  }

  private static BundledOpenBlas bundled(String platform, Path parent) {
    return new BundledOpenBlas(platform, List.of(parent), BundledOpenBlas::open);
  }

  private static void assertUnavailable(BundledOpenBlas openBlas, String... parts) {
    assertContains(assertThrows(UnavailableException.class, openBlas::load).getMessage(), parts);
  }
}

package org.sparksae.core.linalg.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sparksae.core.linalg.natives.Messages.assertContains;

import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.sparksae.core.linalg.blas.BackendChoice.Loader;
import org.sparksae.core.linalg.natives.UnavailableException;

/** The order of preference, with loaders that load nothing. */
class BackendChoiceTest {
  private final Properties properties = new Properties();
  private Loader openBlas = () -> backend("OpenBLAS");
  private Loader system = () -> backend("system");
  private Loader vector = () -> backend("vector");
  private Loader java = () -> backend("java");

  @Test
  void openBlasIsTheFirstChoice() {
    BlasBackend chosen = choose();
    assertEquals("OpenBLAS", chosen.name());
    assertFalse(chosen.secondChoice());
  }

  @Test
  void aConfiguredSystemBlasComesFirst() {
    for (String property : new String[] {Netlib.PATH_PROPERTY, Netlib.LIBRARY_PROPERTY}) {
      properties.clear();
      properties.setProperty(property, "libmine.so");
      BlasBackend chosen = choose();
      assertEquals("system", chosen.name());
      assertFalse(chosen.secondChoice());
    }
  }

  @Test
  void aConfiguredSystemBlasThatFailsIsReplacedWithItsReason() {
    properties.setProperty(Netlib.PATH_PROPERTY, "/none/libmine.so");
    system = unavailable("no such file");
    BlasBackend chosen = choose();
    assertEquals("OpenBLAS", chosen.name());
    assertTrue(chosen.secondChoice());
    assertContains(chosen.reason(), "configured system BLAS", "no such file");
  }

  @Test
  void withoutOpenBlasJavaComputesAndSaysWhyAndWhatItCosts() {
    openBlas = unavailable("/home/x: mounted noexec");
    BlasBackend chosen = choose();
    assertEquals("java", chosen.name());
    assertTrue(chosen.secondChoice());
    assertContains(
        chosen.reason(),
        "/home/x: mounted noexec",
        "2 to 8 times",
        "reason of java",
        "-Dorg.sparksae.blas=system");
  }

  @Test
  void aForcedBackendIsUsed() {
    assertEquals("OpenBLAS", forced("openblas").name());
    assertEquals("system", forced("system").name());
    assertEquals("vector", forced("vector").name());
    BlasBackend chosen = forced(" java ");
    assertEquals("java", chosen.name());
    assertFalse(chosen.secondChoice());
    assertContains(chosen.reason(), "-Dorg.sparksae.blas=java", "reason of java");
    assertEquals("OpenBLAS", forced("auto").name());
    assertEquals("OpenBLAS", forced("").name());
  }

  @Test
  void aForcedBackendIsNeverReplaced() {
    openBlas = unavailable("version GLIBC_2.34 not found");
    String message =
        assertThrows(IllegalArgumentException.class, () -> forced("openblas")).getMessage();
    assertContains(message, "org.sparksae.blas is openblas", "GLIBC_2.34", "set it to auto");
  }

  @Test
  void anUnknownNameIsRefusedWithTheNamesThatExist() {
    assertEquals(
        "org.sparksae.blas must be one of auto, openblas, system, java, vector, got 'mkl'",
        assertThrows(IllegalArgumentException.class, () -> forced("mkl")).getMessage());
  }

  private BlasBackend forced(String name) {
    properties.setProperty(BlasBackend.PROPERTY, name);
    return choose();
  }

  private BlasBackend choose() {
    return new BackendChoice(properties, openBlas, system, vector, java).choose();
  }

  private static Loader unavailable(String reason) {
    return () -> {
      throw new UnavailableException(reason);
    };
  }

  private static BlasBackend backend(String name) {
    return new BlasBackend(null, name, "reason of " + name, false);
  }
}

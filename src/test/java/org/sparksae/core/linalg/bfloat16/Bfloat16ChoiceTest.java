package org.sparksae.core.linalg.bfloat16;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.sparksae.core.linalg.bfloat16.Bfloat16Choice.Loader;
import org.sparksae.core.linalg.natives.UnavailableException;

/** The order of preference, with loaders that load nothing. */
class Bfloat16ChoiceTest {
  private static final String ROUNDED = "float32 products of rounded values";

  private final Properties properties = new Properties();
  private Loader oneDnn = () -> new Bfloat16Backend(null, "oneDNN", "it is there", true);

  @Test
  void oneDnnIsTheFirstChoice() {
    for (String name : new String[] {"auto", " auto ", ""}) {
      assertEquals("oneDNN", forced(name).name());
    }
    properties.clear();
    assertEquals(new Bfloat16Backend(null, "oneDNN", "it is there", true), choose());
  }

  @Test
  void withoutItFloatsAreMultipliedAndTheReasonIsItsOwn() {
    unavailable("this processor has neither");
    Bfloat16Backend chosen = choose();
    assertEquals(ROUNDED, chosen.name());
    assertEquals("this processor has neither", chosen.reason());
    assertFalse(chosen.isFast());
    assertTrue(chosen.products() instanceof RoundedFloats);
  }

  @Test
  void aForcedOneIsUsed() {
    Bfloat16Backend chosen = forced("onednn");
    assertEquals("oneDNN", chosen.name());
    assertEquals("-Dorg.sparksae.gemm=onednn; it is there", chosen.reason());
    assertTrue(chosen.isFast());

    oneDnn =
        () -> {
          throw new AssertionError("must not be loaded");
        };
    Bfloat16Backend floats = forced("float32");
    assertEquals(ROUNDED, floats.name());
    assertEquals("-Dorg.sparksae.gemm=float32", floats.reason());
    assertFalse(floats.isFast());
    Bfloat16Backend emulated = forced("emulated");
    assertEquals(ROUNDED + ", as if they were fast", emulated.name());
    assertTrue(emulated.isFast());
  }

  @Test
  void aForcedOneIsNeverReplaced() {
    unavailable("no artifact: add --jars it");
    assertEquals(
        "org.sparksae.gemm is onednn, which cannot be used here: no artifact: add --jars it; set"
            + " it to auto to use the best available",
        assertThrows(IllegalArgumentException.class, () -> forced("onednn")).getMessage());
  }

  @Test
  void anUnknownNameIsRefusedWithTheNamesThatExist() {
    assertEquals(
        "org.sparksae.gemm must be one of auto, onednn, float32, emulated, got 'mkl'",
        assertThrows(IllegalArgumentException.class, () -> forced("mkl")).getMessage());
  }

  private void unavailable(String reason) {
    oneDnn =
        () -> {
          throw new UnavailableException(reason);
        };
  }

  private Bfloat16Backend forced(String name) {
    properties.setProperty(Bfloat16Backend.PROPERTY, name);
    return choose();
  }

  private Bfloat16Backend choose() {
    return new Bfloat16Choice(properties, oneDnn).choose();
  }
}

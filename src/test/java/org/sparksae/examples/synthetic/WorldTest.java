package org.sparksae.examples.synthetic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sparksae.core.linalg.Kernels;

class WorldTest {
  private static final int ROWS = 20_000;

  private static World world(Hierarchy hierarchy, double most) {
    return new World(
        new World.Settings(40, 8, new World.Probabilities(most, 0.01, 0.5), hierarchy, 3, 7));
  }

  private static World flat() {
    return world(new Hierarchy(0, 2, 1), 0.4);
  }

  @Test
  void featuresAreUnitVectors() {
    for (float[] feature : flat().features()) {
      assertEquals(1, Kernels.squaredNorm(feature, 0, 8), 1e-6);
    }
  }

  /** Zipf with exponent 0.5 between 0.4 and 0.01; each count within five standard deviations. */
  @Test
  void featuresFireByZipfsLaw() {
    int[] fired = new int[40];
    for (int row = 0; row < ROWS; row++) {
      for (int g : flat().row(row).active()) {
        fired[g]++;
      }
    }
    for (int g = 0; g < 40; g++) {
      double last = Math.sqrt(1.0 / 40);
      double p = 0.01 + 0.39 * (Math.sqrt(1.0 / (g + 1)) - last) / (1 - last);
      assertEquals(p, fired[g] / (double) ROWS, 5 * Math.sqrt(p * (1 - p) / ROWS), "feature " + g);
    }
  }

  @Test
  void aRowIsTheBiasAndItsFeatures() {
    World world = flat();
    double squares = 0;
    int empty = 0;
    for (int row = 0; row < ROWS; row++) {
      World.Example example = world.row(row);
      assertArrayEquals(example.vector(), flat().row(row).vector());
      if (example.active().length == 0) {
        empty++;
        squares += Kernels.squaredNorm(example.vector(), 0, 8);
      }
      if (row == 300) {
        break;
      }
    }
    assertTrue(empty > 0, "no row without features");
    assertEquals(9, squares / empty, 1e-5);
    assertFalse(Arrays.equals(world.row(1).vector(), world.row(-1).vector()));
    assertFalse(Arrays.equals(world.row(1).vector(), world.row(2).vector()));
  }

  /** 4 trees of 1 + 2 + 4 features; 28 of the 40 are in trees. */
  @Test
  void aChildNeedsItsParentAndExcludesTheOther() {
    Hierarchy hierarchy = new Hierarchy(4, 2, 2);
    assertEquals(12, hierarchy.parents());
    assertEquals(28, hierarchy.size());
    World world = world(hierarchy, 0.5);
    int[] fired = new int[40];
    for (int row = 0; row < ROWS; row++) {
      int[] active = world.row(row).active();
      boolean[] is = new boolean[40];
      Arrays.stream(active).forEach(g -> is[g] = true);
      assertArrayEquals(Arrays.stream(active).sorted().distinct().toArray(), active);
      for (int parent = 0; parent < 12; parent++) {
        int child = hierarchy.firstChild(parent);
        assertFalse(is[child] && is[child + 1], "both children of " + parent);
        assertFalse((is[child] || is[child + 1]) && !is[parent], "a child without " + parent);
      }
      Arrays.stream(active).forEach(g -> fired[g]++);
    }
    assertTrue(IntStream.of(fired).allMatch(count -> count > 0), Arrays.toString(fired));
  }

  /**
   * The parent fires in 0.4 of the rows; its children are wanted in 0.1 and 0.05. Given the parent,
   * 0.25 and 0.125, times 1 + 0.125 and 1 + 0.25 for the competition.
   */
  @Test
  void childrenAreDrawnMoreOftenGivenTheirParent() {
    double[] drawn = new Hierarchy(1, 2, 1).drawn(new double[] {0.4, 0.1, 0.05, 0.3});
    assertArrayEquals(new double[] {0.4, 0.28125, 0.15625, 0.3}, drawn, 1e-15);
    assertEquals(1, new Hierarchy(1, 2, 1).drawn(new double[] {0.1, 0.3, 0.05})[1]);
  }

  @Test
  void worldsThatCannotBeAreRefused() {
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> world(new Hierarchy(10, 2, 2), 0.4))
            .getMessage()
            .contains("has 70 features, but there are 40; take fewer roots"));
    assertThrows(IllegalArgumentException.class, () -> new World.Probabilities(0.1, 0.2, 1));
    assertThrows(IllegalArgumentException.class, () -> new Hierarchy(1, 1, 1));
  }
}

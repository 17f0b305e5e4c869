package org.sparksae.core.stats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FiringSharesTest {

  @Test
  void aUnitIsDeadDenseOrNeither() {
    FiringShares firing = new FiringShares(new double[] {0, 1, 0.1, 0.1000001, 1e-9});
    assertArrayEquals(new int[] {0}, firing.dead());
    assertArrayEquals(new int[] {1, 3}, firing.dense());
    assertEquals(0.2, firing.deadFraction());
    assertEquals(0.4, firing.denseFraction());
  }

  /**
   * Weights such as 0.1 add up differently in another order: no unit fires in more than all rows.
   */
  @Test
  void noShareIsAboveOne() {
    double[] sums = {0, Math.nextUp(0.3), 0.15};
    assertArrayEquals(new double[] {1, 0.5}, FiringShares.of(sums, 1, 2, 0.3).shares());
  }

  /**
   * Quarters of a decade: 10^-2 begins the bin at -2; 0.0099 is just below; 10^-0.25 = 0.562 begins
   * the last bin, which has 1, too.
   */
  @Test
  void binsAreQuartersOfDecades() {
    FiringHistogram histogram =
        new FiringShares(new double[] {0, 0.01, 0.0099, 0.5, 0.57, 1, 0, 0.01}).histogram();
    assertEquals(2, histogram.dead());
    assertArrayEquals(
        new double[] {-2.25, -2, -1.75, -1.5, -1.25, -1, -0.75, -0.5, -0.25, 0}, histogram.edges());
    assertArrayEquals(new int[] {1, 2, 0, 0, 0, 0, 0, 1, 2}, histogram.units());
  }

  @Test
  void deadAndDenseCodesHaveADecade() {
    for (double share : new double[] {0, 1}) {
      FiringHistogram histogram = new FiringShares(new double[] {share, share}).histogram();
      assertArrayEquals(new double[] {-1, -0.75, -0.5, -0.25, 0}, histogram.edges());
      assertEquals(2, histogram.dead() + Arrays.stream(histogram.units()).sum());
      assertEquals(share == 1 ? 2 : 0, histogram.units()[3]);
    }
  }

  @Test
  void cosinesOfZerosAreDefined() {
    assertEquals(1, Cosine.of(0, 0, 0));
    assertEquals(0, Cosine.of(4, 0, 4));
    assertEquals(0, Cosine.of(0, 4, 4));
    assertEquals(-1, Cosine.of(4, 9, 25));
    assertEquals(0, Cosine.of(4, 9, 13));
    // The rounding of a float's square must not lead beyond 1.
    assertEquals(1, Cosine.of(0.1, 0.1, -1e-17));
  }
}

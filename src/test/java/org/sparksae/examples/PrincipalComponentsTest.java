package org.sparksae.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

@ExtendWith(LocalSpark.class)
class PrincipalComponentsTest {

  /**
   * The mean is (1, 1, 0); the rows lie along (1, 1, 0) / sqrt 2, and a little along (1, -1, 0). Of
   * (2, 2, 3), x - mean = (1, 1, 3): 11 / 3 by no component, 9 / 3 by the first, 9 / 3 by two.
   */
  @Test
  void errorsByHand() {
    float[][] rows = {{3, 3, 0}, {-1, -1, 0}, {1.25f, 0.75f, 0}, {0.75f, 1.25f, 0}};
    PrincipalComponents components =
        PrincipalComponents.of(TestFrames.frame(rows, 1), TestFrames.FEATURES, 2);
    double[] errors = components.errors(new double[] {2, 2, 3}, new int[] {1, 2});
    assertArrayEquals(new double[] {3, 3}, errors, 1e-9);
    // x - mean = (1, -1, 0): nothing of it is along the first, all along the second.
    assertArrayEquals(
        new double[] {2.0 / 3, 0},
        components.errors(new double[] {2, 0, 0}, new int[] {1, 2}),
        1e-9);
  }
}

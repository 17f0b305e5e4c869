package org.sparksae.spark.ml.fit;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.sparksae.core.stats.InputStatistics;

class InputScaleTest {

  /** Columns with a standard deviation of 100. */
  private static String problem(double factor) {
    InputStatistics columns =
        new InputStatistics(new double[] {0, 0}, new double[] {10_000, 10_000});
    return new InputScale(columns, false, true, factor).problem();
  }

  /** The factor of a transcoder's rows is that of its targets, and may leave its input far off. */
  @Test
  void whatTrainingSeesIsWhatCounts() {
    assertTrue(problem(1).contains("deviation is 100, far above 1"), problem(1));
    assertNull(problem(0.01));
    assertTrue(problem(1e-5).contains("deviation is 0.00100, far below 1"), problem(1e-5));
  }
}

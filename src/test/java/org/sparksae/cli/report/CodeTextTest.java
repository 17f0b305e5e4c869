package org.sparksae.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.spark.ml.linalg.Vectors;
import org.junit.jupiter.api.Test;

class CodeTextTest {

  @Test
  void aLongCodeIsShownByItsFirstEntries() {
    int[] indices = {3, 17, 41, 58, 1000};
    double[] values = {0.421, 13.04, 0.07, 1, 5};
    assertEquals(
        "(1024, [3, 17, 41, 58, ...], [0.421, 13.0, 0.0700, 1.00, ...]), 5 of 1024 not 0",
        CodeText.of(Vectors.sparse(1024, indices, values)));
  }

  @Test
  void aShortCodeIsShownWhole() {
    assertEquals("(3, [1], [0.500]), 1 of 3 not 0", CodeText.of(Vectors.dense(0, 0.5, 0)));
    assertEquals("(3, [], []), 0 of 3 not 0", CodeText.of(Vectors.zeros(3)));
  }
}

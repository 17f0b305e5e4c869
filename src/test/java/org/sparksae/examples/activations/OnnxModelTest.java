package org.sparksae.examples.activations;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class OnnxModelTest {

  /** graph (7) { output (12) { name (1): "ab" } }, behind what was there. */
  @Test
  void anOutputIsAddedToTheGraph() {
    byte[] expected = {9, 0x3A, 6, 0x62, 4, 0x0A, 2, 'a', 'b'};
    assertArrayEquals(expected, OnnxModel.withOutput(new byte[] {9}, "ab"));
  }
}

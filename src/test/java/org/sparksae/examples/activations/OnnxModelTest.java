package org.sparksae.examples.activations;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OnnxModelTest {

  /** graph (7) { output (12) { name (1): "ab" } }, behind what was there. */
  @Test
  void anOutputIsAddedToTheGraph() {
    byte[] expected = {9, 0x3A, 6, 0x62, 4, 0x0A, 2, 'a', 'b'};
    assertArrayEquals(expected, OnnxModel.withOutput(new byte[] {9}, "ab"));
  }

  /** Lengths above 127 take two bytes, the lower seven bits first. */
  @Test
  void longNamesHaveLongLengths() {
    byte[] added = OnnxModel.withOutput(new byte[0], "x".repeat(300));
    assertEquals(300 + 3 * 3, added.length);
    assertArrayEquals(
        new byte[] {0x3A, (byte) (306 - 256 + 128), 2, 0x62, (byte) (303 - 256 + 128), 2},
        Arrays.copyOf(added, 6));
    assertArrayEquals(
        new byte[] {0x0A, (byte) (300 - 256 + 128), 2, 'x'}, Arrays.copyOfRange(added, 6, 10));
  }
}

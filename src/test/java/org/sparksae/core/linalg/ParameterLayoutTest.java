package org.sparksae.core.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sparksae.core.linalg.ParameterLayout.Tensor;

class ParameterLayoutTest {

  @Test
  void tensorsLieOneAfterAnother() {
    ParameterLayout layout = new ParameterLayout();
    Tensor matrix = layout.matrix("a", 2, 3);
    Tensor vector = layout.vector("b", 4);
    Tensor last = layout.matrix("c", 1, 1);
    assertEquals(List.of(matrix, vector, last), layout.tensors());
    assertEquals(List.of(0, 6, 10), layout.tensors().stream().map(Tensor::offset).toList());
    assertEquals(11, layout.size());
    assertTrue(matrix.isMatrix());
    assertFalse(vector.isMatrix());
    assertArrayEquals(new int[] {2, 3}, matrix.shape());
    assertArrayEquals(new int[] {4}, vector.shape());
    assertEquals(4, vector.size());
  }

  @Test
  void moreThanAnArrayHoldsIsRefused() {
    ParameterLayout layout = new ParameterLayout();
    layout.vector("first", 100);
    // 46341^2 = 2 147 488 281 > 2^31 - 9
    String message =
        assertThrows(IllegalArgumentException.class, () -> layout.matrix("second", 46341, 46341))
            .getMessage();
    assertTrue(message.contains("2^31 - 9 parameters at second [46341, 46341]"), message);
    // 65536 * 65536 = 2^32 is 0 in int arithmetic
    assertThrows(IllegalArgumentException.class, () -> layout.matrix("third", 65536, 65536));
    assertEquals(100, layout.size());
    // exactly the largest array: 2^31 - 9 = 100 + 2147483539
    layout.vector("fits", 2147483539);
    assertThrows(IllegalArgumentException.class, () -> layout.vector("one more", 1));
  }
}

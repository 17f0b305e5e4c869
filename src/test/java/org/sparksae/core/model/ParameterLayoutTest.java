package org.sparksae.core.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sparksae.core.model.ParameterLayout.Tensor;

class ParameterLayoutTest {

  @Test
  void tensorsLieOneAfterAnother() {
    ParameterLayout layout = new ParameterLayout();
    Tensor matrix = layout.add("a", TensorRole.WEIGHT, 2, 3, 5);
    Tensor vector = layout.add("b", TensorRole.BIAS, 4, 0, 0);
    Tensor last = layout.add("c", TensorRole.WEIGHT, 1, 1, 2);
    assertEquals(List.of(matrix, vector, last), layout.tensors());
    assertEquals(List.of(0, 6, 10), layout.tensors().stream().map(Tensor::offset).toList());
    assertEquals(List.of(6, 10, 11), layout.tensors().stream().map(Tensor::end).toList());
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
    layout.add("first", TensorRole.BIAS, 100, 0, 0);
    // 46341^2 = 2 147 488 281 > 2^31 - 9
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> layout.add("second", TensorRole.WEIGHT, 46341, 46341, 1))
            .getMessage();
    assertTrue(message.contains("2^31 - 9 parameters at second [46341, 46341]"), message);
    // 65536 * 65536 = 2^32 is 0 in int arithmetic
    assertThrows(
        IllegalArgumentException.class,
        () -> layout.add("third", TensorRole.WEIGHT, 65536, 65536, 1));
    assertEquals(100, layout.size());
    // exactly the largest array: 2^31 - 9 = 100 + 2147483539
    layout.add("fits", TensorRole.BIAS, 2147483539, 0, 0);
    assertThrows(
        IllegalArgumentException.class, () -> layout.add("one more", TensorRole.BIAS, 1, 0, 0));
  }

  @Test
  void aNameThatIsNotThereIsRefusedWithThoseThatAre() {
    ParameterLayout layout = new ParameterLayout();
    Tensor bias = layout.add("encoder.0.bias", TensorRole.BIAS, 4, 0, 0);
    assertSame(bias, layout.tensor("encoder.0.bias"));
    String message =
        assertThrows(IllegalArgumentException.class, () -> layout.tensor("encoder.1.bias"))
            .getMessage();
    assertEquals("no tensor 'encoder.1.bias'; there are [encoder.0.bias]", message);
    assertFalse(bias.role().decays());
  }
}

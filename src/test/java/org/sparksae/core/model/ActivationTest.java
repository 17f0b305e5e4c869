package org.sparksae.core.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparksae.core.linalg.DenseRows;

class ActivationTest {
  private static final double ULP_OF_ONE = 0x1p-23;

  /**
   * By hand, with e^(ln a) = a:
   *
   * <pre>
   * sigmoid(ln 3)  = 1 / (1 + 1/3) = 3/4, slope 3/4 * 1/4 = 3/16;   sigmoid(-ln 3) = 1/4, the same slope
   * tanh(ln 2)     = (2 - 1/2) / (2 + 1/2) = 0.6, slope 1 - 0.36 = 0.64
   * tanh(-ln 3)    = (1/3 - 3) / (1/3 + 3) = -0.8, slope 1 - 0.64 = 0.36
   * </pre>
   */
  @ParameterizedTest(name = "{0}({1}) = {2}, slope {3}")
  @CsvSource({
    "SIGMOID, 0, 0.5, 0.25",
    "SIGMOID, 1.0986123, 0.75, 0.1875",
    "SIGMOID, -1.0986123, 0.25, 0.1875",
    "SIGMOID, 100, 1, 0",
    "SIGMOID, -100, 0, 0",
    "SIGMOID, Infinity, 1, 0",
    "SIGMOID, -Infinity, 0, 0",
    "TANH, 0, 0, 1",
    "TANH, 0.6931472, 0.6, 0.64",
    "TANH, -1.0986123, -0.8, 0.36",
    "TANH, 100, 1, 0",
    "TANH, -Infinity, -1, 0",
    "RELU, 3, 3, 1",
    "RELU, -2, 0, 0",
    "RELU, 0, 0, 0",
    "RELU, -Infinity, 0, 0",
    "LINEAR, 3, 3, 1",
    "LINEAR, -2, -2, 1"
  })
  void valueAndSlope(Activation activation, float z, double value, double slope) {
    float[] h = {z};
    activation.apply(DenseRows.of(h, 1, 1));
    assertEquals(value, h[0], ULP_OF_ONE);
    float[] delta = {2};
    activation.multiplyByDerivative(DenseRows.of(delta, 1, 1), DenseRows.of(h, 1, 1));
    assertEquals(2 * slope, delta[0], 4 * ULP_OF_ONE);
  }

  @ParameterizedTest
  @EnumSource
  void onlyTheRowsAreTouchedWhereverTheyLie(Activation activation) {
    float[] z = {5, 5, -1, 2, -3, 0.5f, 5};
    activation.apply(new DenseRows(z, 2, 2, 2));
    float[] alone = {-1, 2, -3, 0.5f};
    activation.apply(DenseRows.of(alone, 2, 2));
    assertArrayEquals(new float[] {5, 5, alone[0], alone[1], alone[2], alone[3], 5}, z);

    float[] delta = {7, 1, 1, 1, 1, 7, 7};
    activation.multiplyByDerivative(new DenseRows(delta, 1, 2, 2), new DenseRows(z, 2, 2, 2));
    float[] slopes = {1, 1, 1, 1};
    activation.multiplyByDerivative(DenseRows.of(slopes, 2, 2), DenseRows.of(alone, 2, 2));
    assertArrayEquals(new float[] {7, slopes[0], slopes[1], slopes[2], slopes[3], 7, 7}, delta);
  }

  @ParameterizedTest
  @EnumSource
  void nanStaysNaN(Activation activation) {
    float[] z = {Float.NaN, 1};
    activation.apply(DenseRows.of(z, 1, 2));
    assertTrue(Float.isNaN(z[0]));
    assertFalse(Float.isNaN(z[1]));
  }

  @Test
  void saturatedValuesAreInTheClosedRangeAndOnlySmallSigmoidsStayAboveZero() {
    float[] z = {17.4f, -100, -200};
    Activation.SIGMOID.apply(DenseRows.of(z, 1, 3));
    // 1 - e^-17.4 = 1 - 2.8e-8 rounds to 1;  e^-100 = 3.7e-44 is a denormal float;  e^-200 is not
    // one
    assertEquals(1f, z[0]);
    assertEquals(3.7e-44, z[1], 1e-45);
    assertEquals(0f, z[2]);
    float[] t = {10, -10};
    Activation.TANH.apply(DenseRows.of(t, 1, 2));
    assertArrayEquals(new float[] {1, -1}, t);
  }

  @Test
  void rangesAndWhatTheyReach() {
    assertEquals("(0, 1)", Activation.SIGMOID.range());
    assertEquals("(-1, 1)", Activation.TANH.range());
    assertEquals("[0, inf)", Activation.RELU.range());
    assertEquals("(-inf, inf)", Activation.LINEAR.range());
    assertFalse(Activation.SIGMOID.canReach(0) || Activation.SIGMOID.canReach(1));
    assertTrue(Activation.SIGMOID.canReach(0.01) && !Activation.SIGMOID.canReach(-0.01));
    assertTrue(Activation.TANH.canReach(-0.9) && !Activation.TANH.canReach(-1));
    assertTrue(Activation.RELU.canReach(0) && !Activation.RELU.canReach(-1e-9));
    assertTrue(Activation.LINEAR.canReach(-1e300));
    for (Activation activation : Activation.values()) {
      assertFalse(activation.canReach(Double.NaN), activation.paramName());
      assertFalse(activation.canReach(Double.POSITIVE_INFINITY), activation.paramName());
      assertEquals(activation == Activation.SIGMOID, activation.isProbability());
    }
  }

  @ParameterizedTest
  @EnumSource
  void namesReadBack(Activation activation) {
    assertEquals(activation, Activation.parse("activation", activation.paramName()));
  }

  @Test
  void unknownNamesAreRefusedWithTheKnownOnes() {
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> Activation.parse("activation", "Sigmoid"))
            .getMessage();
    assertEquals("activation must be one of sigmoid, tanh, relu, linear; got 'Sigmoid'", message);
  }
}

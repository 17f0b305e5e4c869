package org.sparksae.core.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StoragePrecisionTest {
  private static final StoragePrecision HALF = StoragePrecision.BFLOAT16;

  /** The nearest of the two numbers around a float, by their distances in double. */
  private static float nearest(float value) {
    int lower = Float.floatToRawIntBits(value) & 0xFFFF0000;
    double below = Float.intBitsToFloat(lower);
    // What would follow the largest number, if the range of exponents went on.
    double above =
        below == 0x1.FEp127 || below == -0x1.FEp127
            ? Math.copySign(0x1p128, below)
            : Float.intBitsToFloat(lower + 0x10000);
    double down = Math.abs(value - below);
    double up = Math.abs(above - value);
    boolean isEven = (lower & 0x10000) == 0;
    return (float) (down < up || down == up && isEven ? below : above);
  }

  private static void assertRounded(float expected, float value) {
    assertEquals(Float.floatToRawIntBits(expected), Float.floatToRawIntBits(HALF.round(value)));
  }

  @Test
  void theNearestNumberIsTaken() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 100_000; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      if (Float.isFinite(value)) {
        assertRounded(nearest(value), value);
      }
    }
    for (int upper = 0x3F80; upper < 0x3F90; upper++) {
      for (int lower : new int[] {0, 1, 0x7FFF, 0x8000, 0x8001, 0xFFFF}) {
        float value = Float.intBitsToFloat(upper << 16 | lower);
        assertRounded(nearest(value), value);
        assertRounded(-nearest(value), -value);
      }
    }
  }

  /** 1 + 2^-8 lies between 1 and 1 + 2^-7, 1 + 3 2^-8 between that and 1 + 2^-6. */
  @Test
  void tiesGoToTheEven() {
    assertRounded(1f, 1 + 0x1p-8f);
    assertRounded(1 + 0x1p-6f, 1 + 3 * 0x1p-8f);
    assertRounded(1 + 0x1p-7f, 1 + 0x1p-8f + 0x1p-23f);
  }

  @Test
  void theEndsOfTheRange() {
    assertRounded(0f, 0f);
    assertRounded(-0f, -0f);
    assertRounded(0f, Float.MIN_VALUE);
    assertRounded(Float.MIN_NORMAL, Float.MIN_NORMAL);
    assertRounded(StoragePrecision.MAX_BFLOAT16, 0x1.FEFFFEp127f);
    assertRounded(Float.POSITIVE_INFINITY, 0x1.FFp127f);
    assertRounded(Float.NEGATIVE_INFINITY, -Float.MAX_VALUE);
    assertRounded(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY);
    assertTrue(Float.isNaN(HALF.round(Float.intBitsToFloat(0x7FFFFFFF))));
    assertTrue(Float.isNaN(HALF.round(Float.intBitsToFloat(0x7F800001))));
  }

  @Test
  void aRangeIsRoundedInPlace() {
    float[] values = {1.001f, 1.001f, 1.001f, Float.MAX_VALUE};
    assertTrue(HALF.round(values, 1, 2));
    assertArrayEquals(new float[] {1.001f, 1f, 1f, Float.MAX_VALUE}, values);
    assertTrue(StoragePrecision.FLOAT32.round(values, 0, 4));
    assertArrayEquals(new float[] {1.001f, 1f, 1f, Float.MAX_VALUE}, values);
    assertFalse(HALF.round(values, 2, 2));
    assertFalse(StoragePrecision.FLOAT32.round(new float[] {Float.NaN}, 0, 1));
  }
}

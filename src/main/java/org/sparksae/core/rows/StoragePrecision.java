package org.sparksae.core.rows;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.sparksae.core.Text;
import org.sparksae.core.linalg.Kernels;

/** How precisely the values of rows are stored. Weights and row numbers are not affected. */
public enum StoragePrecision {
  /** IEEE single precision, as training uses. */
  FLOAT32("float32", Float.BYTES),

  /** The upper half of a float32: sign, 8 bits of exponent and 7 of the fraction. */
  BFLOAT16("bfloat16", Short.BYTES);

  /** The largest bfloat16. Floats from half a step above it on are rounded to infinity. */
  public static final float MAX_BFLOAT16 = 0x1.FEp127f;

  private static final int LOWER_BITS = 16;

  private final String paramName;
  private final int bytes;

  StoragePrecision(String paramName, int bytes) {
    this.paramName = paramName;
    this.bytes = bytes;
  }

  /** The name that the Param uses. */
  public String paramName() {
    return paramName;
  }

  /** Bytes of a stored value. */
  int bytes() {
    return bytes;
  }

  /**
   * Returns the nearest value that can be stored; of two, the one whose last bit is 0. A finite
   * float above {@link #MAX_BFLOAT16} may become infinite. Zeros keep their sign; NaN stays NaN.
   */
  public float round(float value) {
    return this == FLOAT32 ? value : Kernels.roundToBfloat16(value);
  }

  /**
   * Rounds {@code count} values in place, as {@link #round(float)} does.
   *
   * @return whether all are finite then
   */
  public boolean round(float[] values, int from, int count) {
    if (this == BFLOAT16) {
      Kernels.roundToBfloat16(values, from, values, from, count);
    }
    return Kernels.allFinite(values, from, count);
  }

  /**
   * Returns the 16 bits that store a value.
   *
   * @throws IllegalArgumentException if it is not rounded
   */
  static short bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if ((bits & 0xFFFF) != 0) {
      throw new IllegalArgumentException(value + " is not a bfloat16");
    }
    return (short) (bits >>> LOWER_BITS);
  }

  /**
   * Returns the precision with a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static StoragePrecision parse(String param, String name) {
    for (StoragePrecision precision : values()) {
      if (precision.paramName.equals(name)) {
        return precision;
      }
    }
    String known =
        Arrays.stream(values()).map(StoragePrecision::paramName).collect(Collectors.joining(", "));
    throw new IllegalArgumentException(
        Text.format("%s must be one of %s; got '%s'", param, known, name));
  }
}

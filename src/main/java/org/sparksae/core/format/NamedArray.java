package org.sparksae.core.format;

import java.nio.ByteBuffer;

/** An array of one type and shape, row-major, which a safetensors file stores under a name. */
public sealed interface NamedArray permits Tensor, DoubleTensor {
  /** Returns the name: any string except {@code __metadata__}. */
  String name();

  /** Returns the sizes of the dimensions. */
  int[] shape();

  /** Returns the number of elements. */
  int count();

  /** Returns the type of the elements, as the header names it. */
  Dtype dtype();

  /** Element types, little-endian. */
  enum Dtype {
    /** IEEE 754 single. */
    F32(Float.BYTES),
    /** IEEE 754 double. */
    F64(Double.BYTES),
    /** IEEE 754 half; only read, and widened to F32. */
    F16(Short.BYTES),
    /** The upper half of an F32; only read, and widened to F32. */
    BF16(Short.BYTES);

    private final int bytes;

    Dtype(int bytes) {
      this.bytes = bytes;
    }

    /** Returns the bytes of one element. */
    public int bytes() {
      return bytes;
    }

    /**
     * Converts the first elements of a little-endian buffer to float32: exactly, except that F64 is
     * rounded to the nearest.
     *
     * @param to receives {@code count} elements from index {@code at} on
     */
    public void decode(ByteBuffer from, float[] to, int at, int count) {
      if (this == F32) {
        from.asFloatBuffer().get(to, at, count);
        return;
      }
      for (int i = 0; i < count; i++) {
        to[at + i] =
            switch (this) {
              case F32 -> throw new AssertionError();
              case F64 -> (float) from.getDouble(Double.BYTES * i);
              case F16 -> ofHalf(from.getShort(Short.BYTES * i));
              case BF16 -> Float.intBitsToFloat(from.getShort(Short.BYTES * i) << Short.SIZE);
            };
      }
    }

    /** Java has it from version 20 on. */
    private static float ofHalf(int half) {
      int exponent = half >>> 10 & 0x1F;
      int fraction = half & 0x3FF;
      float size =
          switch (exponent) {
            case 0 -> fraction * 0x1p-24f;
            case 0x1F -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
            default -> Float.intBitsToFloat(exponent + 112 << 23 | fraction << 13);
          };
      return (half & 0x8000) == 0 ? size : -size;
    }
  }
}

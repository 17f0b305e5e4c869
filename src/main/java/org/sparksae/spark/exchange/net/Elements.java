package org.sparksae.spark.exchange.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Converts elements of a {@code float[]} or {@code double[]} to and from bytes, little-endian. */
final class Elements {
  private Elements() {}

  /** Number of bytes of an element: 4 or 8. */
  static int width(Object array) {
    return array instanceof float[] ? Float.BYTES : Double.BYTES;
  }

  /** Number of elements. */
  static int length(Object array) {
    return array instanceof float[] floats ? floats.length : ((double[]) array).length;
  }

  /** Returns an array of zeros: floats if the width is 4, doubles if it is 8. */
  static Object allocate(int width, int length) {
    return width == Float.BYTES ? new float[length] : new double[length];
  }

  /** Writes {@code array[from .. from + count)} to a buffer at its position. */
  static void write(Object array, int from, int count, ByteBuffer into) {
    into.order(ByteOrder.LITTLE_ENDIAN);
    if (array instanceof float[] floats) {
      into.asFloatBuffer().put(floats, from, count);
    } else {
      into.asDoubleBuffer().put((double[]) array, from, count);
    }
    into.position(into.position() + count * width(array));
  }

  /** Reads {@code array[at .. at + count)} from a buffer at its position. */
  static void read(ByteBuffer from, Object array, int at, int count) {
    from.order(ByteOrder.LITTLE_ENDIAN);
    if (array instanceof float[] floats) {
      from.asFloatBuffer().get(floats, at, count);
    } else {
      from.asDoubleBuffer().get((double[]) array, at, count);
    }
    from.position(from.position() + count * width(array));
  }
}

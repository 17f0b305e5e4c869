package org.sparksae.core.linalg.bfloat16;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.sparksae.core.linalg.Kernels;

/** How oneDNN's matrices hold values that are rounded to bfloat16. */
enum ElementType {
  BFLOAT16(2, Short.BYTES) {
    @Override
    void round(float[] from, int fromAt, ByteBuffer to, int at, int length) {
      Kernels.narrowBfloat16(from, fromAt, to, at, length);
    }
  },

  /** The same values as floats, which every processor multiplies. */
  FLOAT32(3, Float.BYTES) {
    @Override
    void round(float[] from, int fromAt, ByteBuffer to, int at, int length) {
      float[] rounded = new float[length];
      Kernels.roundToBfloat16(from, fromAt, rounded, 0, length);
      to.slice(at, Float.BYTES * length)
          .order(ByteOrder.nativeOrder())
          .asFloatBuffer()
          .put(rounded);
    }
  };

  /** Its number in {@code dnnl_data_type_t}. */
  final int number;

  final int bytes;

  ElementType(int number, int bytes) {
    this.number = number;
    this.bytes = bytes;
  }

  /**
   * Rounds values and stores them.
   *
   * @param to has the processor's byte order
   * @param at its byte at which the first value is stored
   */
  abstract void round(float[] from, int fromAt, ByteBuffer to, int at, int length);
}

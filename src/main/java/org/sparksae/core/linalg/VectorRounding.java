package org.sparksae.core.linalg;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Rounds to bfloat16, and widens it, in the Vector API, for {@link VectorKernels}. */
final class VectorRounding {
  private static final int LANES = VectorKernels.LANES;
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, VectorKernels.S.vectorShape());

  /** As many shorts as a vector has floats. */
  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(VectorKernels.S.vectorBitSize() / 2));

  /** Elements that are converted at once: they stay in the first-level cache. */
  private static final int BLOCK = 2048;

  private VectorRounding() {}

  static void widen(ByteBuffer from, int at, float[] to, int toFrom, int length) {
    short[] block = new short[Math.min(length, BLOCK)];
    ShortBuffer shorts = shorts(from, at, length);
    for (int start = 0; start < length; start += BLOCK) {
      int n = Math.min(BLOCK, length - start);
      shorts.get(block, 0, n);
      widen(block, to, toFrom + start, n);
    }
  }

  private static void widen(short[] from, float[] to, int toFrom, int length) {
    int end = VectorKernels.S.loopBound(length);
    for (int i = 0; i < end; i += LANES) {
      IntVector bits =
          (IntVector)
              ShortVector.fromArray(SHORTS, from, i).convertShape(VectorOperators.S2I, INTS, 0);
      bits.lanewise(VectorOperators.LSHL, Short.SIZE)
          .reinterpretAsFloats()
          .intoArray(to, toFrom + i);
    }
    for (int i = end; i < length; i++) {
      to[toFrom + i] = Float.intBitsToFloat(from[i] << Short.SIZE);
    }
  }

  /**
   * Returns numbers of a buffer, to be copied to or from an array: Java 21 and later have no
   * vectors of a buffer, and Java 17 has none of what replaces it.
   */
  private static ShortBuffer shorts(ByteBuffer bytes, int at, int length) {
    return bytes.slice(at, Short.BYTES * length).order(ByteOrder.nativeOrder()).asShortBuffer();
  }

  static void narrow(float[] from, int fromAt, ByteBuffer to, int at, int length) {
    short[] block = new short[Math.min(length, BLOCK)];
    ShortBuffer shorts = shorts(to, at, length);
    for (int start = 0; start < length; start += BLOCK) {
      int n = Math.min(BLOCK, length - start);
      narrow(from, fromAt + start, block, n);
      shorts.put(block, 0, n);
    }
  }

  private static void narrow(float[] from, int fromAt, short[] to, int length) {
    int end = VectorKernels.S.loopBound(length);
    for (int i = 0; i < end; i += LANES) {
      ((ShortVector)
              rounded(from, fromAt + i)
                  .lanewise(VectorOperators.LSHR, Short.SIZE)
                  .convertShape(VectorOperators.I2S, SHORTS, 0))
          .intoArray(to, i);
    }
    for (int i = end; i < length; i++) {
      to[i] = ScalarKernels.toBfloat16(from[fromAt + i]);
    }
  }

  /** Returns floats whose upper halves are rounded; the lower halves mean nothing. */
  private static IntVector rounded(float[] from, int at) {
    FloatVector value = FloatVector.fromArray(VectorKernels.S, from, at);
    IntVector bits = value.blend(Float.NaN, value.test(VectorOperators.IS_NAN)).reinterpretAsInts();
    IntVector odd = bits.lanewise(VectorOperators.LSHR, Short.SIZE).and(1);
    return bits.add(odd).add(0x7FFF);
  }

  static void round(float[] from, int fromAt, float[] to, int toAt, int length) {
    int end = VectorKernels.S.loopBound(length);
    for (int i = 0; i < end; i += LANES) {
      rounded(from, fromAt + i).and(0xFFFF0000).reinterpretAsFloats().intoArray(to, toAt + i);
    }
    for (int i = end; i < length; i++) {
      to[toAt + i] = ScalarKernels.roundToBfloat16(from[fromAt + i]);
    }
  }
}

package org.sparksae.core.linalg;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

  private VectorRounding() {}

  static void widen(ByteBuffer from, int at, float[] to, int toFrom, int length) {
    int end = VectorKernels.S.loopBound(length);
    for (int i = 0; i < end; i += LANES) {
      IntVector bits =
          (IntVector)
              ShortVector.fromByteBuffer(
                      SHORTS, from, at + Short.BYTES * i, ByteOrder.nativeOrder())
                  .convertShape(VectorOperators.S2I, INTS, 0);
      bits.lanewise(VectorOperators.LSHL, Short.SIZE)
          .reinterpretAsFloats()
          .intoArray(to, toFrom + i);
    }
    ScalarKernels.widen(from, at + Short.BYTES * end, to, toFrom + end, length - end);
  }

  static void round(float[] from, int fromAt, float[] to, int toAt, int length) {
    int end = VectorKernels.S.loopBound(length);
    for (int i = 0; i < end; i += LANES) {
      FloatVector value = FloatVector.fromArray(VectorKernels.S, from, fromAt + i);
      IntVector bits = value.reinterpretAsInts();
      IntVector odd = bits.lanewise(VectorOperators.LSHR, Short.SIZE).and(1);
      bits.add(odd)
          .add(0x7FFF)
          .and(0xFFFF0000)
          .reinterpretAsFloats()
          .blend(Float.NaN, value.test(VectorOperators.IS_NAN))
          .intoArray(to, toAt + i);
    }
    for (int i = end; i < length; i++) {
      to[toAt + i] = ScalarKernels.roundToBfloat16(from[fromAt + i]);
    }
  }
}

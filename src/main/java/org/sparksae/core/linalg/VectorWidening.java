package org.sparksae.core.linalg;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Widens bfloat16 in the Vector API, for {@link VectorKernels}. */
final class VectorWidening {
  private static final int LANES = VectorKernels.LANES;
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, VectorKernels.S.vectorShape());

  /** As many shorts as a vector has floats. */
  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(VectorKernels.S.vectorBitSize() / 2));

  private VectorWidening() {}

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
}

package org.sparksae.core.linalg.bfloat16;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.sparksae.core.linalg.natives.SharedLibraries;

/**
 * Memory outside the heap, of zeros at first, which is freed when the buffer is unreachable.
 *
 * @param bytes in the processor's byte order
 * @param address that of the first byte, a multiple of a cache line
 */
record Memory(ByteBuffer bytes, long address) {
  private static final int CACHE_LINE = 64;

  /** The largest size, which leaves room for the alignment. */
  static final int MOST = Integer.MAX_VALUE - 2 * CACHE_LINE;

  /** Returns new memory of at most {@link #MOST} bytes. */
  static Memory allocate(SharedLibraries libraries, int size) {
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(size + 2 * CACHE_LINE)
            .alignedSlice(CACHE_LINE)
            .order(ByteOrder.nativeOrder());
    return new Memory(bytes, libraries.address(bytes));
  }
}

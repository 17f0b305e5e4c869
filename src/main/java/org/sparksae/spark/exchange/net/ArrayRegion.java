package org.sparksae.spark.exchange.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.apache.spark.network.util.AbstractFileRegion;

/**
 * A part of an array in the form that Netty writes to a socket when there is room. It goes through
 * a small buffer per thread, which stays in the cache, so even a large array needs no other memory.
 */
final class ArrayRegion extends AbstractFileRegion {
  /**
   * Smaller writes would wake the receiver more often; a larger buffer would not stay in the L2
   * cache.
   */
  private static final int BUFFER_BYTES = 256 << 10;

  private static final ThreadLocal<ByteBuffer> BUFFER =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(BUFFER_BYTES));

  private final Object array;
  private final int from;
  private final int width;
  private final long bytes;
  private long transferred;

  /** Writes {@code array[from .. from + length)}, which must not change until it is written. */
  ArrayRegion(Object array, int from, int length) {
    this.array = array;
    this.from = from;
    this.width = Elements.width(array);
    this.bytes = (long) length * width;
  }

  @Override
  public long position() {
    return 0;
  }

  @Override
  public long transferred() {
    return transferred;
  }

  @Override
  public long count() {
    return bytes;
  }

  /** Writes until the target takes no more. Encrypting targets rely on being filled. */
  @Override
  public long transferTo(WritableByteChannel target, long position) throws IOException {
    ByteBuffer buffer = BUFFER.get();
    long at = position;
    while (at < bytes) {
      // The last write may have ended within an element.
      int skipped = (int) (at % width);
      int count = (int) Math.min((bytes - at + skipped) / width, BUFFER_BYTES / width);
      buffer.clear();
      Elements.write(array, from + (int) (at / width), count, buffer);
      buffer.flip().position(skipped);
      int written = target.write(buffer);
      at += written;
      if (buffer.hasRemaining()) {
        break;
      }
    }
    transferred += at - position;
    return at - position;
  }

  @Override
  protected void deallocate() {
    // The garbage collector frees the array.
  }
}

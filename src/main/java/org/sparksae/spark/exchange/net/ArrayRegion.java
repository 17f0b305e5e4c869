package org.sparksae.spark.exchange.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.apache.spark.network.util.AbstractFileRegion;

/**
 * A part of an array as what Netty writes to a socket when there is room: through a small buffer of
 * the thread, which stays in its cache, so that an array of any size takes no more memory.
 */
final class ArrayRegion extends AbstractFileRegion {
  /**
   * With smaller writes the receiver wakes more often; a larger buffer would not stay in the L2.
   */
  private static final int BUFFER_BYTES = 256 << 10;

  private static final ThreadLocal<ByteBuffer> BUFFER =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(BUFFER_BYTES));

  private final Object array;
  private final int from;
  private final int width;
  private final long bytes;
  private long transferred;

  /** {@code array[from .. from + length)}, which nobody changes until it is written. */
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

  /** Writes until the target takes no more: encrypting targets count on being filled. */
  @Override
  public long transferTo(WritableByteChannel target, long position) throws IOException {
    ByteBuffer buffer = BUFFER.get();
    long at = position;
    while (at < bytes) {
      // The target may have stopped within an element.
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
    // The array is the collector's.
  }
}

package org.sparksae.spark.exchange.net;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Reads a part of an array as bytes, through a small buffer. Used under TLS. */
final class ArrayInputStream extends InputStream {
  /** The number of bytes that {@link io.netty.handler.stream.ChunkedStream} reads at once. */
  private static final int BUFFER_BYTES = 8 << 10;

  private final Object array;
  private final int end;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
  private int next;

  ArrayInputStream(Object array, int from, int length) {
    this.array = array;
    this.next = from;
    this.end = from + length;
  }

  @Override
  public int read() {
    return fill() ? buffer.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] into, int at, int length) {
    Objects.checkFromIndexSize(at, length, into.length);
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int read = Math.min(length, buffer.remaining());
    buffer.get(into, at, read);
    return read;
  }

  @Override
  public int available() {
    return (int) Math.min(Integer.MAX_VALUE, bytesLeft());
  }

  private long bytesLeft() {
    return buffer.remaining() + (long) (end - next) * Elements.width(array);
  }

  /** Fills the buffer if it is empty; returns whether it has bytes. */
  private boolean fill() {
    if (!buffer.hasRemaining() && next < end) {
      int count = Math.min(end - next, BUFFER_BYTES / Elements.width(array));
      buffer.clear();
      Elements.write(array, next, count, buffer);
      buffer.flip();
      next += count;
    }
    return buffer.hasRemaining();
  }
}

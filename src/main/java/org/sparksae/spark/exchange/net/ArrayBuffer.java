package org.sparksae.spark.exchange.net;

import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.spark.network.buffer.ManagedBuffer;

/** A part of an array as what Spark's transport sends: elements are turned to bytes on the way. */
final class ArrayBuffer extends ManagedBuffer {
  private final Object array;
  private final int from;
  private final int length;

  /** {@code array[from .. from + length)}, which nobody changes until it is sent. */
  ArrayBuffer(Object array, int from, int length) {
    this.array = array;
    this.from = from;
    this.length = length;
  }

  @Override
  public long size() {
    return (long) length * Elements.width(array);
  }

  /** A copy; not on the way that Spark's transport takes. */
  @Override
  public ByteBuffer nioByteBuffer() {
    ByteBuffer copy = ByteBuffer.allocate(Math.toIntExact(size()));
    Elements.write(array, from, length, copy);
    return copy.flip();
  }

  @Override
  public InputStream createInputStream() {
    return new ArrayInputStream(array, from, length);
  }

  @Override
  public ManagedBuffer retain() {
    return this;
  }

  @Override
  public ManagedBuffer release() {
    return this;
  }

  @Override
  public Object convertToNetty() {
    return new ArrayRegion(array, from, length);
  }

  /** What Spark 4 asks for under TLS; not an override to the compiler, as Spark 3.5 has no such. */
  public Object convertToNettyForSsl() {
    return createInputStream();
  }
}

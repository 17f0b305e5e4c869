package org.sparksae.spark.exchange.net;

import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.spark.network.buffer.ManagedBuffer;

/**
 * A part of an array in the form that Spark's transport sends. Elements are converted to bytes
 * while they are sent.
 */
final class ArrayBuffer extends ManagedBuffer {
  private final Object array;
  private final int from;
  private final int length;

  /** Sends {@code array[from .. from + length)}, which must not change until it is sent. */
  ArrayBuffer(Object array, int from, int length) {
    this.array = array;
    this.from = from;
    this.length = length;
  }

  @Override
  public long size() {
    return (long) length * Elements.width(array);
  }

  /** Returns a copy. Spark's transport does not use this method. */
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

  /**
   * Spark 4 calls this under TLS. There is no {@code @Override}, because Spark 3.5 does not have
   * the method.
   */
  public Object convertToNettyForSsl() {
    return createInputStream();
  }
}

package org.sparksae.spark.exchange;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Arrays in Java's serialisation, copied in chunks: it would else write element by element, which
 * costs more than the network, or than adding them up.
 */
final class Bulk {
  private static final int CHUNK_BYTES = 1 << 16;

  private Bulk() {}

  /** Copies some elements between an array and the beginning of a buffer. */
  @FunctionalInterface
  interface Copy {
    void elements(ByteBuffer buffer, int from, int count);
  }

  static void write(DataOutput out, int length, int bytes, Copy copy) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    for (int from = 0; from < length; from += CHUNK_BYTES / bytes) {
      int count = Math.min(CHUNK_BYTES / bytes, length - from);
      copy.elements(chunk, from, count);
      out.write(chunk.array(), 0, count * bytes);
    }
  }

  static void read(DataInput in, int length, int bytes, Copy copy) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    for (int from = 0; from < length; from += CHUNK_BYTES / bytes) {
      int count = Math.min(CHUNK_BYTES / bytes, length - from);
      in.readFully(chunk.array(), 0, count * bytes);
      copy.elements(chunk, from, count);
    }
  }
}

package org.sparksae.examples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPOutputStream;

/** IDX files in memory, small enough to write out by hand. */
final class IdxBytes {

  private IdxBytes() {}

  static byte[] images(int count, int rows, int columns, int... pixels) {
    return idx(0x0803, new int[] {count, rows, columns}, pixels);
  }

  static byte[] labels(int... labels) {
    return idx(0x0801, new int[] {labels.length}, labels);
  }

  static byte[] gzipped(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] idx(int magic, int[] dimensions, int[] values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 + 4 * dimensions.length + values.length);
    buffer.putInt(magic);
    for (int dimension : dimensions) {
      buffer.putInt(dimension);
    }
    for (int value : values) {
      buffer.put((byte) value);
    }
    return buffer.array();
  }
}

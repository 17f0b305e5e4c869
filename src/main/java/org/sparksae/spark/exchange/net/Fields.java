package org.sparksae.spark.exchange.net;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.sparksae.core.Text;

/** Reads the fields of a message, and checks that none extends beyond its end. */
final class Fields {
  private Fields() {}

  /** Reads any byte. */
  static byte octet(ByteBuffer bytes) throws MalformedMessageException {
    require(bytes, Byte.BYTES);
    return bytes.get();
  }

  /** Reads any int. */
  static int integer(ByteBuffer bytes) throws MalformedMessageException {
    require(bytes, Integer.BYTES);
    return bytes.getInt();
  }

  /** Reads an int, 0 or more. */
  static int index(ByteBuffer bytes) throws MalformedMessageException {
    return (int) requireNotNegative(integer(bytes));
  }

  /** Reads a long, 0 or more. */
  static long number(ByteBuffer bytes) throws MalformedMessageException {
    require(bytes, Long.BYTES);
    return requireNotNegative(bytes.getLong());
  }

  /**
   * Reads a text of the given length in bytes. Bytes that are not UTF-8 become replacement
   * characters.
   */
  static String text(ByteBuffer bytes, int length) throws MalformedMessageException {
    require(bytes, length);
    byte[] text = new byte[length];
    bytes.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private static void require(ByteBuffer bytes, int length) throws MalformedMessageException {
    if (bytes.remaining() < length) {
      throw new MalformedMessageException(
          Text.format("%d bytes where %d were expected", bytes.remaining(), length));
    }
  }

  private static long requireNotNegative(long value) throws MalformedMessageException {
    if (value < 0) {
      throw new MalformedMessageException(value + " where a number of 0 or more was expected");
    }
    return value;
  }
}

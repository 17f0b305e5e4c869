package org.sparksae.spark.exchange.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.sparksae.core.Text;

/**
 * A one-way message between the JVMs of a round.
 *
 * <p>Its bytes are a type, then the fields in order, big-endian; array elements are little-endian.
 * Ranks and operations are 0 or more.
 */
sealed interface Message {
  /** The largest array, in bytes, that is sent with its announcement. */
  int MAX_PUSHED_BYTES = 64 << 10;

  /** The largest size of a message, in bytes. */
  int MAX_BYTES = MAX_PUSHED_BYTES + 64;

  /** Version of the layout of messages; both sides must have the same. */
  int VERSION = 0x5341_0001;

  /** The largest length of {@link Failed#what}, in bytes. */
  int MAX_TEXT_BYTES = 4 << 10;

  /** Returns the bytes, from position 0 to the limit. */
  ByteBuffer encode();

  /**
   * The first message of a connection.
   *
   * @param token the secret of the round, which only its ranks know
   * @param ranks the ranks in the sender's JVM, at least one
   */
  record Hello(String token, List<Integer> ranks) implements Message {
    private static final byte TYPE = 1;

    @Override
    public ByteBuffer encode() {
      byte[] secret = token.getBytes(StandardCharsets.UTF_8);
      ByteBuffer bytes = ByteBuffer.allocate(13 + secret.length + 4 * ranks.size());
      bytes.put(TYPE).putInt(VERSION).putInt(secret.length).put(secret).putInt(ranks.size());
      ranks.forEach(bytes::putInt);
      return bytes.flip();
    }

    private static Hello decode(ByteBuffer bytes) throws MalformedMessageException {
      int version = Fields.integer(bytes);
      if (version != VERSION) {
        throw new MalformedMessageException(
            Text.format("version %x, expected %x", version, VERSION));
      }
      String token = Fields.text(bytes, Fields.index(bytes));
      int count = Fields.index(bytes);
      if (count == 0 || bytes.remaining() != 4L * count) {
        throw new MalformedMessageException(
            count + " ranks in " + bytes.remaining() + " bytes, for which there must be 1 or more");
      }
      int[] ranks = new int[count];
      for (int i = 0; i < count; i++) {
        ranks[i] = Fields.index(bytes);
      }
      return new Hello(token, IntStream.of(ranks).boxed().toList());
    }
  }

  /**
   * Announces an array that a rank publishes.
   *
   * @param width bytes of an element: 4 for floats, 8 for doubles
   * @param length number of elements
   * @param values the elements, {@code float[length]} or {@code double[length]}; null if they
   *     exceed {@link #MAX_PUSHED_BYTES} and must be fetched
   */
  record Shown(int rank, long operation, int width, int length, Object values) implements Message {
    private static final byte TYPE = 2;
    private static final int HEADER = 18;

    /** Announces an array, with its elements if they are few. */
    static Shown of(int rank, long operation, Object array) {
      int width = Elements.width(array);
      int length = Elements.length(array);
      return new Shown(rank, operation, width, length, isPushed(width, length) ? array : null);
    }

    private static boolean isPushed(int width, int length) {
      return (long) width * length <= MAX_PUSHED_BYTES;
    }

    @Override
    public ByteBuffer encode() {
      ByteBuffer bytes = ByteBuffer.allocate(HEADER + (values == null ? 0 : width * length));
      bytes.put(TYPE).putInt(rank).putLong(operation).put((byte) width).putInt(length);
      if (values != null) {
        Elements.write(values, 0, length, bytes);
      }
      return bytes.flip();
    }

    private static Shown decode(ByteBuffer bytes) throws MalformedMessageException {
      int rank = Fields.index(bytes);
      long operation = Fields.number(bytes);
      int width = Fields.octet(bytes);
      if (width != Float.BYTES && width != Double.BYTES) {
        throw new MalformedMessageException("elements of " + width + " bytes");
      }
      int length = Fields.index(bytes);
      boolean pushed = isPushed(width, length);
      if (bytes.remaining() != (pushed ? width * length : 0)) {
        throw new MalformedMessageException(
            Text.format("%d elements of %d bytes in %d bytes", length, width, bytes.remaining()));
      }
      Object values = null;
      if (pushed) {
        values = Elements.allocate(width, length);
        Elements.read(bytes, values, 0, length);
      }
      return new Shown(rank, operation, width, length, values);
    }
  }

  /**
   * Announces that a rank has failed.
   *
   * @param what rank, address and cause, for readers
   */
  record Failed(int rank, String what) implements Message {
    private static final byte TYPE = 3;

    @Override
    public ByteBuffer encode() {
      byte[] text = what.getBytes(StandardCharsets.UTF_8);
      if (text.length > MAX_TEXT_BYTES) {
        text = Arrays.copyOf(text, MAX_TEXT_BYTES);
      }
      return ByteBuffer.allocate(5 + text.length).put(TYPE).putInt(rank).put(text).flip();
    }

    private static Failed decode(ByteBuffer bytes) throws MalformedMessageException {
      int rank = Fields.index(bytes);
      if (bytes.remaining() > MAX_TEXT_BYTES) {
        throw new MalformedMessageException("a text of " + bytes.remaining() + " bytes");
      }
      return new Failed(rank, Fields.text(bytes, bytes.remaining()));
    }
  }

  /** Announces that a rank is done: it publishes and reads no more arrays. */
  record Left(int rank) implements Message {
    private static final byte TYPE = 4;

    @Override
    public ByteBuffer encode() {
      return ByteBuffer.allocate(5).put(TYPE).putInt(rank).flip();
    }

    private static Left decode(ByteBuffer bytes) throws MalformedMessageException {
      int rank = Fields.index(bytes);
      if (bytes.hasRemaining()) {
        throw new MalformedMessageException(bytes.remaining() + " bytes too many");
      }
      return new Left(rank);
    }
  }

  /**
   * Decodes the message in the rest of a buffer. The message does not refer to the buffer.
   *
   * @throws MalformedMessageException if the buffer does not hold exactly one message
   */
  static Message decode(ByteBuffer bytes) throws MalformedMessageException {
    bytes.order(ByteOrder.BIG_ENDIAN);
    int type = Fields.octet(bytes);
    return switch (type) {
      case Hello.TYPE -> Hello.decode(bytes);
      case Shown.TYPE -> Shown.decode(bytes);
      case Failed.TYPE -> Failed.decode(bytes);
      case Left.TYPE -> Left.decode(bytes);
      default -> throw new MalformedMessageException("a message of type " + type);
    };
  }
}

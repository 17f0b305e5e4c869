package org.sparksae.spark.exchange.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Messages come back as they went, and nothing else comes back at all. */
class MessageTest {
  private static final int ROUNDS = 20_000;

  private static List<Message> examples() {
    return List.of(
        new Message.Hello("token", List.of(0, 7)),
        Message.Shown.of(3, 1L << 40, new float[] {1, -0f, Float.NaN}),
        Message.Shown.of(0, 0, new double[] {Double.MIN_VALUE}),
        Message.Shown.of(0, 1, new float[0]),
        Message.Shown.of(1, 2, new double[8193]),
        new Message.Failed(2, "rank 2 on host:1 failed: \u00fcber"),
        new Message.Left(5));
  }

  @Test
  void messagesComeBackAsTheyWent() throws MalformedMessageException {
    for (Message message : examples()) {
      Message back = Message.decode(message.encode());
      if (message instanceof Message.Shown shown && shown.values() != null) {
        Message.Shown other = (Message.Shown) back;
        assertEquals(shown.operation(), other.operation());
        if (shown.values() instanceof float[] floats) {
          assertArrayEquals(floats, (float[]) other.values());
        } else {
          assertArrayEquals((double[]) shown.values(), (double[]) other.values());
        }
      } else {
        assertEquals(message, back);
      }
      assertTrue(message.encode().remaining() <= Message.MAX_BYTES);
    }
  }

  @Test
  void manyElementsAreAnnouncedOnly() {
    int few = Message.MAX_PUSHED_BYTES / Float.BYTES;
    assertEquals(few * 4 + 18, Message.Shown.of(0, 0, new float[few]).encode().remaining());
    assertNull(Message.Shown.of(0, 0, new float[few + 1]).values());
  }

  @Test
  void aLongTextIsCut() throws MalformedMessageException {
    Message back = Message.decode(new Message.Failed(1, "x".repeat(100_000)).encode());
    assertEquals(new Message.Failed(1, "x".repeat(Message.MAX_TEXT_BYTES)), back);
  }

  @Test
  void everyTruncationIsRefused() {
    for (Message message : examples()) {
      if (message instanceof Message.Failed) {
        continue; // Its text may be shorter.
      }
      ByteBuffer bytes = message.encode();
      for (int length = 0; length < Math.min(bytes.limit(), 200); length++) {
        ByteBuffer cut = bytes.duplicate().limit(length);
        assertThrows(MalformedMessageException.class, () -> Message.decode(cut));
      }
    }
  }

  @Test
  void bytesThatAreNoMessageAreRefused() {
    SplittableRandom random = new SplittableRandom(1);
    int refused = 0;
    for (int i = 0; i < ROUNDS; i++) {
      byte[] bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      if (bytes.length > 0 && random.nextBoolean()) {
        bytes[0] = (byte) (1 + random.nextInt(4));
      }
      refused += isRefused(ByteBuffer.wrap(bytes)) ? 1 : 0;
    }
    assertTrue(refused > ROUNDS / 2, "refused " + refused);
  }

  @Test
  void flippedBitsAreRefusedOrMakeAnotherMessage() {
    SplittableRandom random = new SplittableRandom(2);
    List<Message> examples = examples();
    for (int i = 0; i < ROUNDS; i++) {
      ByteBuffer bytes = examples.get(random.nextInt(examples.size())).encode();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        int at = random.nextInt(bytes.limit());
        bytes.put(at, (byte) (bytes.get(at) ^ 1 << random.nextInt(8)));
      }
      isRefused(bytes);
    }
  }

  /** Anything but the one kind of exception fails the test. */
  private static boolean isRefused(ByteBuffer bytes) {
    try {
      Message.decode(bytes);
      return false;
    } catch (MalformedMessageException malformed) {
      return true;
    }
  }

  @Test
  void rangesComeBackFromTheirNames() throws MalformedMessageException {
    Range range = new Range(3, 1L << 40, 17, Integer.MAX_VALUE);
    assertEquals(range, Range.of(range.name()));
    for (String name :
        new String[] {
          "",
          ":::",
          "0:0:0:0",
          "0:0:0",
          "0:0:0:1:",
          "-1:0:0:1",
          "0:-1:0:1",
          "0:0:-1:1",
          "a:0:0:1",
          "0:0:0:99999999999",
          "0".repeat(100) + ":0:0:1"
        }) {
      assertThrows(MalformedMessageException.class, () -> Range.of(name), name);
    }
  }
}

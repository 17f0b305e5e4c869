package org.sparksae.spark.exchange.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An array's bytes are the same on every way out. */
class ArrayBytesTest {
  private static final int FROM = 3;
  private static final int LENGTH = 50_001;

  private static Object array(int width) {
    Object array = Elements.allocate(width, LENGTH + 10);
    SplittableRandom random = new SplittableRandom(3);
    byte[] bytes = new byte[(LENGTH + 10) * width];
    random.nextBytes(bytes);
    Elements.read(ByteBuffer.wrap(bytes), array, 0, LENGTH + 10);
    return array;
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8})
  void asStreamAndAsRegion(int width) throws IOException {
    ArrayBuffer buffer = new ArrayBuffer(array(width), FROM, LENGTH);
    byte[] expected = buffer.nioByteBuffer().array();
    assertEquals(buffer.size(), expected.length);
    assertArrayEquals(expected, buffer.createInputStream().readAllBytes());

    Reluctant target = new Reluctant();
    ArrayRegion region = (ArrayRegion) buffer.convertToNetty();
    while (region.transferred() < region.count()) {
      region.transferTo(target, region.transferred());
    }
    assertArrayEquals(expected, target.bytes.toByteArray());
  }

  /** Takes some bytes at a time, and stops within elements. */
  private static final class Reluctant implements WritableByteChannel {
    private final SplittableRandom random = new SplittableRandom(4);
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public int write(ByteBuffer from) {
      byte[] taken = new byte[Math.min(from.remaining(), random.nextInt(100_000))];
      from.get(taken);
      bytes.writeBytes(taken);
      return taken.length;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}

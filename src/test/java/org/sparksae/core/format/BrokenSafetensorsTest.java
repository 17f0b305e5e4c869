package org.sparksae.core.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files that break one rule each: always a {@link CorruptModelException} that names place, value
 * and rule.
 */
class BrokenSafetensorsTest {
  private static final int SMALL_DATA = 8;

  // Column 1: header, with ' for ". Column 2: what the message must contain. The data section has 8
  // bytes.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "~~ | start with '{'",
        "[] | start with '{'",
        "~ {}~ | start with '{'",
        "{ | valid JSON",
        "nonsense | start with '{'",
        "{'a':} | valid JSON",
        "{}{} | goes on",
        "{}x | valid JSON",
        "{} | must have the 0 bytes that the tensors span, got 8",
        "{'a':1} | a must be an object",
        "{'a':null} | a must be an object",
        "{'a':{}} | a must have dtype, shape and data_offsets",
        "{'a':{'dtype':'F32','shape':[2]}} | must have dtype, shape and data_offsets",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'x':1}} | a.x is unknown",
        "{'a':{'dtype':32,'shape':[2],'data_offsets':[0,8]}} | a.dtype must be a string",
        "{'a':{'dtype':'I16','shape':[4],'data_offsets':[0,8]}} | a: dtype I16 is not supported",
        "{'a':{'dtype':'f32','shape':[2],'data_offsets':[0,8]}} | only [F32, F64, F16, BF16] are",
        "{'a':{'dtype':'F32','shape':2,'data_offsets':[0,8]}} | a.shape must be an array",
        "{'a':{'dtype':'F32','shape':['2'],'data_offsets':[0,8]}} | a.shape must be an array of integers",
        "{'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}} | a.shape must be an array of integers",
        "{'a':{'dtype':'F32','shape':[[2]],'data_offsets':[0,8]}} | a.shape must be an array of integers",
        "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}} | a.shape must have numbers in [0, 2^63), got -2",
        "{'a':{'dtype':'F32','shape':[-2,-1],'data_offsets':[0,8]}} | got -2",
        "{'a':{'dtype':'F32','shape':[9223372036854775808],'data_offsets':[0,8]}} | got 9223372036854775808",
        "{'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,0]}} | at most 2147483639 elements",
        "{'a':{'dtype':'F32','shape':[65536,65536,65536,65536],'data_offsets':[0,0]}} | at most 2147483639 elements",
        "{'a':{'dtype':'F32','shape':[9223372036854775807,2],'data_offsets':[0,8]}} | at most 2147483639 elements",
        // 3 * 6148914691236517206 = 2^64 + 2: in 64 bits it would be the right shape.
        "{'a':{'dtype':'F32','shape':[3,6148914691236517206],'data_offsets':[0,8]}} | at most 2147483639 elements",
        "{'a':{'dtype':'F32','shape':[4611686018427387906],'data_offsets':[0,8]}} | at most 2147483639 elements",
        "{'a':{'dtype':'F32','shape':[1073741826],'data_offsets':[0,8]}} | must span the 4294967304 bytes",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}} | must span the 12 bytes of shape [3], got 8",
        "{'a':{'dtype':'F32','shape':[],'data_offsets':[0,8]}} | must span the 4 bytes of shape [], got 8",
        "{'a':{'dtype':'F32','shape':[0],'data_offsets':[0,8]}} | must span the 0 bytes",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0]}} | must be [begin, end]",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8,8]}} | must be [begin, end]",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}} | begin <= end, got [8, 0]",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}} | a.data_offsets must have numbers in [0, 2^63), got -8",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[9223372036854775800,9223372036854775808]}} | got 9223372036854775808",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[9223372036854775800,9223372036854775804]}} | a gap",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | must begin at byte 0, where the data before it ends, got 4: a gap",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | must have the 4 bytes that the tensors span, got 8",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}} | got 8: the file is truncated",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | b must begin at byte 8, where the data before it ends, got 4: an overlap",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | an overlap",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | without duplicate names",
        "{'a':{'dtype':'F32','dtype':'F32','shape':[2],'data_offsets':[0,8]}} | without duplicate names",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'__metadata__':null} | __metadata__ must be an object",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'__metadata__':{'k':1}} | __metadata__.k must be a string",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'__metadata__':{'k':'1','k':'2'}} | without duplicate names",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'__metadata__':{'dataSha256':'00'}} | __metadata__.dataSha256 must be the checksum",
      })
  void brokenHeader(String header, String message) {
    byte[] file = file(header.replace('\'', '"'), new int[SMALL_DATA]);
    assertCorrupt(file, file.length, message);
  }

  @Test
  void theTableBreaksWhatIsOtherwiseAFile() throws IOException {
    String header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
    byte[] file = file(header, new int[SMALL_DATA]);
    assertEquals(2, SafetensorsTest.read(file).tensors().get("a").count());
  }

  @Test
  void truncatedAtEveryLength() throws IOException {
    byte[] file = valid();
    for (int length = 0; length < file.length; length++) {
      byte[] head = Arrays.copyOf(file, length);
      assertThrows(CorruptModelException.class, () -> SafetensorsTest.read(head), "" + length);
      // The file system still reports the full length.
      assertCorrupt(head, file.length, "The stream must have as many bytes");
    }
    byte[] longer = Arrays.copyOf(file, file.length + 1);
    assertCorrupt(longer, longer.length, "that the tensors span");
  }

  @Test
  void everyFlippedBitOfTheDataIsNoticed() throws IOException {
    byte[] file = valid();
    for (int bit = 8 * (file.length - 20); bit < 8 * file.length; bit++) {
      byte[] flipped = file.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertCorrupt(flipped, flipped.length, "the data were changed after writing");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {100_000_001, Long.MAX_VALUE, -1, Long.MIN_VALUE, 1L << 32})
  void aHugeHeaderIsNotAllocated(long headerLength) {
    byte[] file =
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(headerLength).array();
    // Even if the file system agrees.
    assertCorrupt(file, Long.MAX_VALUE, "at most 100000000");
    assertCorrupt(file, file.length, Long.toUnsignedString(headerLength));
  }

  @Test
  void aHeaderLongerThanTheFileIsRefused() {
    byte[] file = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(9).array();
    assertCorrupt(file, file.length, "must be in [0, 8]");
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 7})
  void aLengthBelowTheMinimumIsRefused(long length) {
    assertCorrupt(new byte[16], length, "must have at least 8 bytes, got " + length);
  }

  @Test
  void aHeaderOfOtherEncodingsIsRefused() {
    byte[] latin = file("{\"a\":\"?\"}", new int[0]);
    latin[latin.length - 3] = (byte) 0xe4;
    assertCorrupt(latin, latin.length, "UTF-8");
    byte[] wide = "{}".getBytes(StandardCharsets.UTF_16LE);
    ByteBuffer file = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(4).put(wide);
    assertCorrupt(file.array(), 12, "valid JSON");
  }

  @Test
  void deepNestingAndLongArraysAreRefused() {
    assertCorrupt("{\"a\":" + "[".repeat(100_000), "a must be an object");
    String prefix = "{\"a\":{\"dtype\":\"F32\",\"shape\":[";
    assertCorrupt(prefix + "[".repeat(100_000), "an array of integers");
    assertCorrupt(prefix + "1,".repeat(100_000), "at most 32 numbers");
    assertCorrupt(prefix + "9".repeat(100_000), "valid JSON");
  }

  @Test
  void aFailingStreamIsNotACorruptFile() {
    IOException failure = new IOException("connection reset");
    InputStream failing = Damage.failing(failure);
    assertSame(failure, assertThrows(IOException.class, () -> Safetensors.read(failing, 100)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void randomDamageGivesAFileOrACorruptModelException(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] file = valid();
    int refused = 0;
    for (int round = 0; round < 5000; round++) {
      byte[] damaged = Damage.of(file, random);
      try {
        SafetensorsTest.read(damaged);
      } catch (CorruptModelException e) {
        refused++;
      }
    }
    assertTrue(refused > 4000, "refused " + refused);
  }

  private static byte[] valid() throws IOException {
    return SafetensorsTest.write(
        List.of(Tensor.of("W", new float[] {1, 2, 3, 4}, 2, 2), Tensor.of("b", new float[] {5}, 1)),
        Map.of("version", "1"));
  }

  /** A file with this header, unpadded, and these bytes. */
  static byte[] file(String header, int... data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(json.length).put(json);
    for (int value : data) {
      file.put((byte) value);
    }
    return file.array();
  }

  private static void assertCorrupt(String header, String message) {
    byte[] file = file(header);
    assertCorrupt(file, file.length, message);
  }

  private static void assertCorrupt(byte[] file, long length, String message) {
    CorruptModelException refusal =
        assertThrows(
            CorruptModelException.class,
            () -> Safetensors.read(new ByteArrayInputStream(file), length));
    assertTrue(
        refusal.getMessage().contains(message), refusal.getMessage() + " without " + message);
  }
}

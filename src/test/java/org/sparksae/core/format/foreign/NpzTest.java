package org.sparksae.core.format.foreign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.format.CorruptModelException;
import org.sparksae.core.format.Damage;
import org.sparksae.core.format.Tensor;

/** Numpy's archives, and files that are none: each refusal names the array and the rule. */
class NpzTest {
  private static final Set<String> NAMES = Set.of("a", "b");
  private static final String HEADER =
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n";
  private static final byte[] DATA =
      ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(1.5f).putFloat(-2).array();

  private static Map<String, Tensor> read(byte[] file, LongConsumer allow) throws IOException {
    return Npz.read(new ByteArrayInputStream(file), file.length, NAMES, allow);
  }

  private static Map<String, Tensor> read(byte[] file) throws IOException {
    return read(file, values -> {});
  }

  private static byte[] array(int version, String header, byte[] data) {
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer array =
        ByteBuffer.allocate(12 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    array.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.ISO_8859_1));
    array.put((byte) version).put((byte) 0);
    if (version == 1) {
      array.putShort((short) text.length);
    } else {
      array.putInt(text.length);
    }
    array.put(text).put(data);
    return Arrays.copyOf(array.array(), array.position());
  }

  /** An archive; stored as numpy.savez does it, or compressed. */
  private static byte[] archive(boolean stored, Object... namesAndArrays) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (int i = 0; i < namesAndArrays.length; i += 2) {
        ZipEntry entry = new ZipEntry((String) namesAndArrays[i]);
        byte[] array = (byte[]) namesAndArrays[i + 1];
        if (stored) {
          CRC32 sum = new CRC32();
          sum.update(array);
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(array.length);
          entry.setCrc(sum.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(array);
      }
    }
    return out.toByteArray();
  }

  private static void assertCorrupt(byte[] file, String message) {
    CorruptModelException refused =
        assertThrows(CorruptModelException.class, () -> read(file), message);
    assertTrue(refused.getMessage().contains(message), refused.getMessage() + " no " + message);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void arraysOfEachVersionAreRead(int version) throws IOException {
    byte[] scalar =
        array(
            version,
            HEADER.replace("(2,)", "()").replace("<f4", "<f8"),
            ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(0.1).array());
    for (boolean stored : new boolean[] {true, false}) {
      byte[] file = archive(stored, "a.npy", array(version, HEADER, DATA), "b.npy", scalar);
      List<Long> allowed = new ArrayList<>();
      Map<String, Tensor> arrays = read(file, allowed::add);
      assertArrayEquals(new float[] {1.5f, -2}, arrays.get("a").values());
      assertArrayEquals(new int[] {2}, arrays.get("a").shape());
      assertArrayEquals(new float[] {0.1f}, arrays.get("b").values());
      assertArrayEquals(new int[0], arrays.get("b").shape());
      assertEquals(List.of(2L, 3L), allowed);
    }
  }

  @Test
  void halvesAreWidened() throws IOException {
    byte[] data = {0, 0x3C, 0, (byte) 0xC4};
    byte[] file = archive(true, "a.npy", array(1, HEADER.replace("<f4", "<f2"), data));
    assertArrayEquals(new float[] {1, -4}, read(file).get("a").values());
  }

  @Test
  void anArrayLongerThanAChunkIsRead() throws IOException {
    float[] values = new float[40_001];
    ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble();
      data.putFloat(values[i]);
    }
    byte[] array = array(1, HEADER.replace("2,", "40001, 1"), data.array());
    assertArrayEquals(values, read(archive(false, "a.npy", array)).get("a").values());
  }

  // The text of a header, with ^ for |, and a part of the message.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'descr': '^O', 'fortran_order': False, 'shape': (2,), } | a holds Python objects, and pickled objects are never opened",
        "{'descr': [('x', '^O8')], 'fortran_order': False, 'shape': (2,), } | pickled objects are never opened",
        "{'descr': '>f4', 'fortran_order': False, 'shape': (2,), } | a: dtype must be one of <f2, <f4, <f8, got '>f4'",
        "{'descr': '<i4', 'fortran_order': False, 'shape': (2,), } | got '<i4'; save it as float32",
        "{'descr': '<c8', 'fortran_order': False, 'shape': (1,), } | got '<c8'",
        "{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2), } | a is stored in Fortran order",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000,), } | a' of 1000000000 elements must not claim more than 100 times",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536), } | a: shape [65536, 65536] must have at most 2147483639 elements",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296,), } | sizes below 2^31, got (4294967296,)",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), } | a: the header must name descr",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2 2), } | sizes below 2^31, got (2 2)",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (,), } | sizes below 2^31, got (,)",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } | array 'a' goes on after its 1 elements",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), } | array 'a' ends before its 3 elements",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (0,), } | goes on after its 0 elements",
        "{'descr': '<f4', 'fortran_order': False, } | a: the header must name descr",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1, } | a: the header must name descr",
        "{'descr': __import__('os'), 'fortran_order': False, 'shape': (2,), } | a: the header must name descr",
      })
  void brokenHeaders(String header, String message) throws IOException {
    assertCorrupt(archive(true, "a.npy", array(1, header.replace('^', '|'), DATA)), message);
  }

  @Test
  void shapesOfTooManySizesAreRefused() throws IOException {
    String many = HEADER.replace("2,", "1, ".repeat(8000));
    assertCorrupt(archive(true, "a.npy", array(2, many, DATA)), "at most 16384 bytes, got 24");
    String some = HEADER.replace("2,", "1, ".repeat(50));
    assertCorrupt(archive(true, "a.npy", array(2, some, DATA)), "at most 32 sizes");
  }

  @Test
  void arraysThatAreNoneAreRefused() throws IOException {
    assertCorrupt(archive(true, "a.npy", new byte[0]), "a must be an array of numpy");
    assertCorrupt(archive(true, "a.npy", "PK no array".getBytes()), "a must be an array of numpy");
    assertCorrupt(archive(true, "a.npy", array(4, HEADER, DATA)), "version must be 1, 2 or 3");
    byte[] whole = array(1, HEADER, DATA);
    assertCorrupt(archive(true, "a.npy", Arrays.copyOf(whole, 9)), "header");
    assertCorrupt(archive(true, "a.npy", Arrays.copyOf(whole, 30)), "ends within the header");
    byte[] huge = array(2, HEADER, DATA);
    huge[11] = (byte) 0xFF;
    assertCorrupt(archive(true, "a.npy", huge), "at most 16384 bytes, got 4278190");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../../etc/passwd.npy", "/a.npy", "a", "A.npy", "a.npy/", "c.npy", "x/a.npy", ""})
  void namesOtherThanThoseOfAModelAreRefused(String name) throws IOException {
    byte[] array = array(1, HEADER, DATA);
    assertCorrupt(archive(false, name, array), "the archive must have arrays named ");
  }

  @Test
  void anArrayIsNotReadTwice() throws IOException {
    // The writer refuses it as well, so the second name is changed in the bytes.
    byte[] array = array(1, HEADER, DATA);
    byte[] file = archive(true, "a.npy", array, "b.npy", array);
    String text = new String(file, StandardCharsets.ISO_8859_1).replace("b.npy", "a.npy");
    assertCorrupt(text.getBytes(StandardCharsets.ISO_8859_1), "there are two arrays 'a'");
  }

  /** 64 MB of zeros, in 64 kB, which a driver would have to hold. */
  @Test
  void aBombIsRefusedBeforeItIsUnpacked() throws IOException {
    byte[] zeros = array(1, HEADER.replace("2,", "16777216,"), new byte[1 << 26]);
    byte[] file = archive(false, "a.npy", zeros);
    assertTrue(file.length < 100_000, "" + file.length);
    assertCorrupt(file, "must not claim more than 100 times the");
  }

  @Test
  void whatIsNotAllowedIsNotAllocated() throws IOException {
    byte[] file = archive(true, "a.npy", array(1, HEADER, DATA));
    IllegalArgumentException tooMuch = new IllegalArgumentException("too little memory");
    LongConsumer allow =
        values -> {
          throw tooMuch;
        };
    assertEquals(tooMuch, assertThrows(Exception.class, () -> read(file, allow)));
  }

  @Test
  void aFailingStreamIsNotACorruptFile() {
    IOException failure = new IOException("connection reset");
    InputStream failing = Damage.failing(failure);
    assertEquals(
        failure,
        assertThrows(IOException.class, () -> Npz.read(failing, 100, NAMES, values -> {})));
  }

  @Test
  void aFileThatEndsEarlyIsRefusedOrLacksArrays() throws IOException {
    byte[] array = array(1, HEADER, DATA);
    for (boolean stored : new boolean[] {true, false}) {
      byte[] file = archive(stored, "a.npy", array, "b.npy", array);
      for (int length = 0; length < file.length; length++) {
        try {
          // The directory at the end of the file is not needed.
          Map<String, Tensor> read = read(Arrays.copyOf(file, length));
          assertTrue(read.size() < 2 || length > 2 * array.length, length + ": " + read.keySet());
        } catch (CorruptModelException refused) {
          assertTrue(refused.getMessage().length() > 10, refused.getMessage());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void randomDamageGivesArraysOrACorruptModelException(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] array = array(1, HEADER, DATA);
    byte[] stored = archive(true, "a.npy", array, "b.npy", array);
    byte[] compressed = archive(false, "a.npy", array, "b.npy", array);
    int refused = 0;
    for (int round = 0; round < 5000; round++) {
      byte[] damaged = Damage.of(round % 2 == 0 ? stored : compressed, random);
      try {
        read(damaged);
      } catch (CorruptModelException e) {
        refused++;
      }
    }
    assertTrue(refused > 2000, "refused " + refused);
  }
}

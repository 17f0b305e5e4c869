package org.sparksae.core.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
  // sha256 of 00 00 80 3f 00 00 00 c0.
  private static final String SHA =
      "ee4ac73c2bd27756ab82780f27c73a7bc4d3f0bb6acb37e008bc27eccd7e588b";

  @Test
  void tinyFileByteForByte() throws IOException {
    // The JSON has 159 = 0x9f bytes, so one space pads it to 160 = 0xa0.
    String json =
        "{\"__metadata__\":{\"dataSha256\":\""
            + SHA
            + "\",\"k\":\"v\"},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} ";
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    expected.write(new byte[] {(byte) 0xa0, 0, 0, 0, 0, 0, 0, 0});
    expected.write(json.getBytes(StandardCharsets.UTF_8));
    expected.write(new byte[] {0, 0, (byte) 0x80, 0x3f}); // 1.0f = 3f800000
    expected.write(new byte[] {0, 0, 0, (byte) 0xc0}); // -2.0f = c0000000
    byte[] written = write(List.of(Tensor.of("a", new float[] {1, -2}, 2)), Map.of("k", "v"));
    assertArrayEquals(expected.toByteArray(), written);
    Safetensors.Contents contents = read(written);
    assertEquals(Map.of("k", "v"), contents.metadata());
    assertEquals(SHA, contents.dataSha256());
    assertArrayEquals(new float[] {1, -2}, contents.tensors().get("a").values());
  }

  @Test
  void roundTripKeepsEveryBitShapeNameAndOrder() throws IOException {
    float[] special = {
      Float.intBitsToFloat(0x7fc12345),
      Float.intBitsToFloat(0xffa00001),
      -0.0f,
      Float.MIN_VALUE,
      Float.NEGATIVE_INFINITY,
      Float.MAX_VALUE
    };
    List<Tensor> tensors =
        List.of(
            Tensor.of("z/special \"quoted\"\n", special, 2, 3),
            Tensor.of("scalar", new float[] {7}),
            Tensor.of("empty", new float[0], 3, 0, 2147483647),
            Tensor.of("größe \u2211 \ud83d\ude00", new float[] {1}, 1, 1, 1),
            Tensor.of("", new float[] {2}, 1));
    Map<String, String> metadata =
        Map.of("", "", "schlüssel", "wert\t\u0000\ud83d\ude00", "n", "1");
    Safetensors.Contents contents = read(write(tensors, metadata));
    assertEquals(metadata, contents.metadata());
    assertEquals(
        tensors.stream().map(Tensor::name).toList(), List.copyOf(contents.tensors().keySet()));
    for (Tensor tensor : tensors) {
      Tensor actual = contents.tensors().get(tensor.name());
      assertEquals(tensor.name(), actual.name());
      assertArrayEquals(tensor.shape(), actual.shape());
      assertArrayEquals(bits(tensor.values()), bits(actual.values()));
    }
  }

  @Test
  void doublesKeepEveryBitBesideFloats() throws IOException {
    SplittableRandom random = new SplittableRandom(3);
    // 8191 and 8192 doubles are a chunk of the writer and one less.
    for (int count : new int[] {0, 1, 13, 8191, 8192, 8193, 20001}) {
      double[] doubles = new double[count];
      Arrays.setAll(doubles, i -> Double.longBitsToDouble(random.nextLong()));
      float[] floats = {1, -0f, Float.NaN};
      List<NamedArray> arrays =
          List.of(
              Tensor.of("before", floats, 3),
              DoubleTensor.of("doubles", doubles, 1, count),
              Tensor.of("after", floats, 3));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Safetensors.write(out, arrays, Map.of());
      Safetensors.Contents contents = read(out.toByteArray());
      assertEquals(List.of("before", "after"), List.copyOf(contents.tensors().keySet()));
      DoubleTensor actual = contents.doubles().get("doubles");
      assertArrayEquals(new int[] {1, count}, actual.shape());
      assertArrayEquals(
          Arrays.stream(doubles).mapToLong(Double::doubleToRawLongBits).toArray(),
          Arrays.stream(actual.values()).mapToLong(Double::doubleToRawLongBits).toArray());
      assertArrayEquals(bits(floats), bits(contents.tensors().get("after").values()));
    }
  }

  /** Sign, exponent and fraction of all 65536 halves, by the definition of the format. */
  @ParameterizedTest
  @CsvSource({"F16, 5, 10", "BF16, 8, 7"})
  void halvesAreWidenedExactly(String dtype, int exponentBits, int fractionBits)
      throws IOException {
    String header =
        "{\"a\":{\"dtype\":\"" + dtype + "\",\"shape\":[65536],\"data_offsets\":[0,131072]}}";
    int[] data = new int[1 << 17];
    for (int half = 0; half < 1 << 16; half++) {
      data[2 * half] = half & 0xFF;
      data[2 * half + 1] = half >>> 8;
    }
    Tensor tensor = read(BrokenSafetensorsTest.file(header, data)).tensors().get("a");
    int largest = (1 << exponentBits) - 1;
    int bias = largest >>> 1;
    for (int half = 0; half < 1 << 16; half++) {
      int exponent = half >>> fractionBits & largest;
      double fraction = Math.scalb((double) (half & (1 << fractionBits) - 1), -fractionBits);
      double size =
          exponent == largest
              ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
              : Math.scalb(exponent == 0 ? fraction : 1 + fraction, Math.max(exponent, 1) - bias);
      double expected = half >>> 15 == 0 ? size : -size;
      assertEquals(expected, tensor.values()[half], "bits " + half);
    }
  }

  @Test
  void aShapeOfOtherThanTheDoublesIsRefused() {
    for (int[] shape : new int[][] {{3}, {-1, -2}, {65536, 65536, 65536, 65536}, {}}) {
      assertThrows(
          IllegalArgumentException.class, () -> DoubleTensor.of("a", new double[2], shape));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 13, 207, 16383, 16384, 16385, 40000})
  void lengthsAroundTheChunkSurvive(int length) throws IOException {
    SplittableRandom random = new SplittableRandom(length);
    float[] first = new float[length + 5];
    float[] second = new float[length];
    for (int i = 0; i < length; i++) {
      first[i + 5] = Float.intBitsToFloat(random.nextInt());
      second[i] = Float.intBitsToFloat(random.nextInt());
    }
    byte[] file =
        write(
            List.of(new Tensor("a", new int[] {length}, first, 5), Tensor.of("b", second, length)),
            Map.of());
    // One byte at a time: a stream may return less than it was asked for.
    InputStream trickling =
        new ByteArrayInputStream(file) {
          @Override
          public synchronized int read(byte[] bytes, int offset, int count) {
            return super.read(bytes, offset, Math.min(count, 1));
          }

          @Override
          public synchronized int readNBytes(byte[] bytes, int offset, int count) {
            int done = 0;
            while (done < count && read(bytes, offset + done, 1) == 1) {
              done++;
            }
            return done;
          }
        };
    Safetensors.Contents contents = Safetensors.read(trickling, file.length);
    int[] expected = new int[length];
    System.arraycopy(bits(first), 5, expected, 0, length);
    assertArrayEquals(expected, bits(contents.tensors().get("a").values()));
    assertArrayEquals(bits(second), bits(contents.tensors().get("b").values()));
  }

  @Test
  void fileWithoutTensorsIsAFile() throws IOException {
    Safetensors.Contents contents = read(write(List.of(), Map.of("only", "metadata")));
    assertTrue(contents.tensors().isEmpty());
    assertEquals(Map.of("only", "metadata"), contents.metadata());
  }

  @Test
  void bytesDoNotDependOnTheOrderOfTheMetadata() throws IOException {
    Map<String, String> forth = new LinkedHashMap<>();
    Map<String, String> back = new LinkedHashMap<>();
    for (int i = 0; i < 20; i++) {
      forth.put("key" + i, "" + i);
      back.put("key" + (19 - i), "" + (19 - i));
    }
    assertArrayEquals(write(List.of(), forth), write(List.of(), back));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void dataBeginAtAMultipleOfEight(int nameLength) throws IOException {
    byte[] file = write(List.of(Tensor.of("n".repeat(nameLength), new float[1], 1)), Map.of());
    assertEquals(0, (file.length - Float.BYTES) % 8);
    assertEquals(file.length - Float.BYTES - 8, file[0] & 0xff);
  }

  @Test
  void filesOfOtherToolsAreRead() throws IOException {
    // No checksum, no metadata, spaces within, a header that is not a multiple of 8, names out of
    // the data's order.
    String json =
        "{ \"b\" : {\"shape\":[1],\"data_offsets\":[4,8],\"dtype\":\"F32\"},\n"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]},"
            + "\"none\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[4,4]}}";
    Safetensors.Contents contents =
        read(BrokenSafetensorsTest.file(json, 0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40));
    assertEquals(List.of("a", "none", "b"), List.copyOf(contents.tensors().keySet()));
    assertArrayEquals(new float[] {1}, contents.tensors().get("a").values());
    assertArrayEquals(new float[] {2}, contents.tensors().get("b").values());
    assertEquals(64, contents.dataSha256().length());
  }

  @Test
  void readsNothingBeyondTheFile() throws IOException {
    byte[] file = write(List.of(Tensor.of("a", new float[] {1, 2}, 2)), Map.of());
    byte[] longer = Arrays.copyOf(file, file.length + 3);
    ByteArrayInputStream in = new ByteArrayInputStream(longer);
    Safetensors.read(in, file.length);
    assertEquals(3, in.available());
  }

  @Test
  void whatCouldNotBeReadBackIsNotWritten() {
    Tensor tensor = Tensor.of("a", new float[1], 1);
    Tensor reserved = Tensor.of("__metadata__", new float[1], 1);
    assertRefused(List.of(tensor, tensor), Map.of(), "a twice");
    assertRefused(List.of(reserved), Map.of(), "__metadata__");
    assertRefused(List.of(), Map.of("dataSha256", "x"), "dataSha256");
    assertRefused(List.of(), Map.of("big", "x".repeat(100_000_000)), "at most 100000000");
  }

  @Test
  void aTensorHasTheValuesOfItsShape() {
    float[] six = new float[6];
    assertEquals(6, Tensor.of("a", six, 2, 3).count());
    assertEquals(1, new Tensor("a", new int[0], six, 5).count());
    assertThrows(IllegalArgumentException.class, () -> Tensor.of("a", six, 7));
    assertThrows(IllegalArgumentException.class, () -> Tensor.of("a", six, -2, -3));
    assertThrows(
        IllegalArgumentException.class, () -> Tensor.of("a", six, 1 << 16, 1 << 16, 1 << 16));
    assertThrows(
        IllegalArgumentException.class,
        () -> Tensor.of("a", six, 2147483647, 2147483647, 2147483647, 2147483647));
    assertThrows(IllegalArgumentException.class, () -> new Tensor("a", new int[] {6}, six, 1));
    assertThrows(IllegalArgumentException.class, () -> new Tensor("a", new int[] {1}, six, -1));
    assertThrows(IllegalArgumentException.class, () -> Tensor.of("a", six, new int[33]));
  }

  static byte[] write(List<Tensor> tensors, Map<String, String> metadata) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Safetensors.write(out, tensors, metadata);
    return out.toByteArray();
  }

  static Safetensors.Contents read(byte[] file) throws IOException {
    return Safetensors.read(new ByteArrayInputStream(file), file.length);
  }

  private static void assertRefused(
      List<Tensor> tensors, Map<String, String> metadata, String expected) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> write(tensors, metadata));
    assertTrue(refusal.getMessage().contains(expected), refusal.getMessage());
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}

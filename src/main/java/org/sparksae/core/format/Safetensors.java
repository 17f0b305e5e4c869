package org.sparksae.core.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.sparksae.core.Digests;

/**
 * Reads and writes safetensors files of float32 and float64: {@code file = u64 n | header[n] |
 * data}, little-endian. Float16 and bfloat16 are read as float32, which has all of their values.
 *
 * <p>The header is UTF-8 JSON, padded with spaces so that the data begins at a multiple of 8 bytes.
 * The data is the tensors in C order, without gaps (<a
 * href="https://github.com/huggingface/safetensors">format</a>). Equal input gives equal bytes.
 * {@code __metadata__.dataSha256}, the SHA-256 of the data section in hexadecimal, is added on
 * writing and verified on reading if it is present. NaN payloads and signed zeros survive.
 */
public final class Safetensors {
  /** Metadata key of the checksum. Only {@link #write} sets it, and {@link #read} removes it. */
  public static final String CHECKSUM_KEY = "dataSha256";

  /** The format's own limit. */
  static final int MAX_HEADER_LENGTH = 100_000_000;

  private static final int ALIGNMENT = 8;
  private static final int CHUNK_BYTES = 1 << 16;

  /**
   * The content of a file.
   *
   * @param metadata the strings under {@code __metadata__}, without the checksum
   * @param tensors the float32 tensors by name, and those widened to float32, in the order of their
   *     data
   * @param doubles the float64 tensors by name, in the order of their data
   * @param dataSha256 the SHA-256 of the data section in hexadecimal, whether or not the file
   *     records it
   */
  public record Contents(
      Map<String, String> metadata,
      Map<String, Tensor> tensors,
      Map<String, DoubleTensor> doubles,
      String dataSha256) {}

  /** Accepts the first {@code length} bytes of a buffer. */
  @FunctionalInterface
  private interface ByteSink {
    void accept(byte[] bytes, int length) throws IOException;
  }

  private Safetensors() {}

  /**
   * Writes a file. The stream is neither flushed nor closed.
   *
   * @param out receives the bytes
   * @param tensors in the order in which to write them; names must differ; may be empty
   * @param metadata any strings; the checksum's key is not allowed
   */
  public static void write(
      OutputStream out, List<? extends NamedArray> tensors, Map<String, String> metadata)
      throws IOException {
    checkNames(tensors, metadata);
    MessageDigest digest = Digests.sha256();
    encode(tensors, (bytes, length) -> digest.update(bytes, 0, length));
    Map<String, String> signed = new LinkedHashMap<>(metadata);
    signed.put(CHECKSUM_KEY, HexFormat.of().formatHex(digest.digest()));
    writeHeader(out, SafetensorsHeader.format(tensors, signed));
    encode(tensors, (bytes, length) -> out.write(bytes, 0, length));
  }

  /**
   * Reads a file of known length. Every claim of the header is checked against that length before
   * memory is allocated. The stream is not closed, and not read beyond {@code length}.
   *
   * @param in positioned at the file's first byte
   * @param length length of the whole file in bytes, as the file system reports it
   * @throws CorruptModelException if the content breaks a rule of the format, or an element type is
   *     not supported
   * @throws IOException if the stream fails
   */
  public static Contents read(InputStream in, long length) throws IOException {
    return read(in, length, values -> {});
  }

  /**
   * Reads a file as {@link #read(InputStream, long)} does.
   *
   * @param allow is told the number of values in all tensors before memory is allocated for them;
   *     what it throws ends the reading
   */
  public static Contents read(InputStream in, long length, LongConsumer allow) throws IOException {
    int headerLength = readHeaderLength(in, length);
    byte[] headerBytes = in.readNBytes(headerLength);
    if (headerBytes.length < headerLength) {
      throw truncated("header");
    }
    SafetensorsHeader header =
        SafetensorsHeader.parse(headerBytes, length - Long.BYTES - headerLength);
    allow.accept(header.entries().stream().mapToLong(SafetensorsHeader.Entry::count).sum());
    MessageDigest digest = Digests.sha256();
    ByteBuffer chunk = newChunk();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, DoubleTensor> doubles = new LinkedHashMap<>();
    for (SafetensorsHeader.Entry entry : header.entries()) {
      switch (entry.dtype()) {
        case F32, F16, BF16 -> tensors.put(entry.name(), readFloats(in, entry, chunk, digest));
        case F64 -> doubles.put(entry.name(), readDoubles(in, entry, chunk, digest));
      }
    }
    String actual = HexFormat.of().formatHex(digest.digest());
    Map<String, String> metadata = new LinkedHashMap<>(header.metadata());
    checkDigest(metadata.remove(CHECKSUM_KEY), actual);
    return new Contents(
        Collections.unmodifiableMap(metadata),
        Collections.unmodifiableMap(tensors),
        Collections.unmodifiableMap(doubles),
        actual);
  }

  private static void checkNames(List<? extends NamedArray> tensors, Map<String, String> metadata) {
    if (metadata.containsKey(CHECKSUM_KEY)) {
      throw new IllegalArgumentException(
          "metadata must not have the key " + CHECKSUM_KEY + ": the writer sets it");
    }
    Set<String> names = new HashSet<>();
    for (NamedArray tensor : tensors) {
      if (tensor.name().equals(SafetensorsHeader.METADATA) || !names.add(tensor.name())) {
        throw new IllegalArgumentException(
            "Tensor names must differ from each other and from "
                + SafetensorsHeader.METADATA
                + ", got "
                + tensor.name()
                + (names.contains(tensor.name()) ? " twice" : ""));
      }
    }
  }

  private static void writeHeader(OutputStream out, byte[] json) throws IOException {
    int padded = Math.addExact(json.length, ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (padded > MAX_HEADER_LENGTH) {
      throw new IllegalArgumentException(
          "The header must have at most "
              + MAX_HEADER_LENGTH
              + " bytes, got "
              + padded
              + ": give less metadata");
    }
    byte[] header = Arrays.copyOf(json, padded);
    Arrays.fill(header, json.length, padded, (byte) ' ');
    out.write(littleEndian(Long.BYTES).putLong(padded).array());
    out.write(header);
  }

  private static void encode(List<? extends NamedArray> tensors, ByteSink sink) throws IOException {
    ByteBuffer chunk = newChunk();
    for (NamedArray tensor : tensors) {
      int count = tensor.count();
      int bytes = tensor.dtype().bytes();
      for (int done = 0; done < count; ) {
        int elements = Math.min(CHUNK_BYTES / bytes, count - done);
        if (tensor instanceof Tensor floats) {
          chunk.asFloatBuffer().put(floats.values(), floats.offset() + done, elements);
        } else if (tensor instanceof DoubleTensor doubles) {
          chunk.asDoubleBuffer().put(doubles.values(), done, elements);
        }
        sink.accept(chunk.array(), elements * bytes);
        done += elements;
      }
    }
  }

  private static int readHeaderLength(InputStream in, long length) throws IOException {
    if (length < Long.BYTES) {
      throw new CorruptModelException(
          "A safetensors file must have at least 8 bytes, got " + length);
    }
    byte[] bytes = in.readNBytes(Long.BYTES);
    if (bytes.length < Long.BYTES) {
      throw truncated("header length");
    }
    long headerLength = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    long limit = Math.min(MAX_HEADER_LENGTH, length - Long.BYTES);
    if (headerLength < 0 || headerLength > limit) {
      throw new CorruptModelException(
          "The header length must be in [0, "
              + limit
              + "], at most "
              + MAX_HEADER_LENGTH
              + " and within the file of "
              + length
              + " bytes, got "
              + Long.toUnsignedString(headerLength));
    }
    return (int) headerLength;
  }

  private static Tensor readFloats(
      InputStream in, SafetensorsHeader.Entry entry, ByteBuffer chunk, MessageDigest digest)
      throws IOException {
    float[] values = new float[entry.count()];
    for (int done = 0; done < values.length; ) {
      int elements = readChunk(in, entry, values.length - done, chunk, digest);
      entry.dtype().decode(chunk, values, done, elements);
      done += elements;
    }
    return new Tensor(entry.name(), entry.shape(), values, 0);
  }

  private static DoubleTensor readDoubles(
      InputStream in, SafetensorsHeader.Entry entry, ByteBuffer chunk, MessageDigest digest)
      throws IOException {
    double[] values = new double[entry.count()];
    for (int done = 0; done < values.length; ) {
      int elements = readChunk(in, entry, values.length - done, chunk, digest);
      chunk.asDoubleBuffer().get(values, done, elements);
      done += elements;
    }
    return new DoubleTensor(entry.name(), entry.shape(), values);
  }

  /**
   * Fills a chunk with the remaining elements of a tensor, as many as fit, and returns their
   * number.
   */
  private static int readChunk(
      InputStream in,
      SafetensorsHeader.Entry entry,
      int left,
      ByteBuffer chunk,
      MessageDigest digest)
      throws IOException {
    int elements = Math.min(CHUNK_BYTES / entry.dtype().bytes(), left);
    int bytes = elements * entry.dtype().bytes();
    if (in.readNBytes(chunk.array(), 0, bytes) < bytes) {
      throw truncated("tensor " + entry.name());
    }
    digest.update(chunk.array(), 0, bytes);
    return elements;
  }

  private static void checkDigest(String expected, String actual) throws CorruptModelException {
    if (expected != null && !expected.equals(actual)) {
      throw new CorruptModelException(
          SafetensorsHeader.METADATA
              + "."
              + CHECKSUM_KEY
              + " must be the checksum of the data, "
              + actual
              + ", got "
              + expected
              + ": the data were changed after writing");
    }
  }

  private static CorruptModelException truncated(String place) {
    return new CorruptModelException(
        "The stream must have as many bytes as the file's length says, but ends within the "
            + place);
  }

  private static ByteBuffer newChunk() {
    return littleEndian(CHUNK_BYTES);
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}

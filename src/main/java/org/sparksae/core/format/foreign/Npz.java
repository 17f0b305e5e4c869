package org.sparksae.core.format.foreign;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.sparksae.core.Text;
import org.sparksae.core.format.CorruptModelException;
import org.sparksae.core.format.Tensor;

/**
 * Reads numpy's archives of arrays, {@code name.npy} in a zip file, as float32; float64 is rounded.
 *
 * <p>Nothing is unpacked to a disk. Memory is allocated for what a header claims, so these claims
 * are bounded by the length of the file.
 */
final class Npz {
  private static final String SUFFIX = ".npy";
  private static final int CHUNK_BYTES = 1 << 16;

  /** Weights hardly shrink when they are compressed; what shrinks more is no model. */
  private static final int MOST_COMPRESSED = 100;

  private Npz() {}

  /**
   * Reads an archive.
   *
   * @param names the arrays that it may have, without {@code .npy}
   * @param allow is told how many values were claimed so far, before memory is allocated for them
   * @throws CorruptModelException if the archive or an array breaks a rule, or has another name
   */
  static Map<String, Tensor> read(
      InputStream in, long length, Set<String> names, LongConsumer allow) throws IOException {
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    long values = 0;
    long mostBytes = MOST_COMPRESSED * Math.min(length, Long.MAX_VALUE / MOST_COMPRESSED);
    try {
      ZipInputStream zip = new ZipInputStream(in);
      for (ZipEntry entry = next(zip); entry != null; entry = next(zip)) {
        String name = name(entry, names);
        NpyHeader header = NpyHeader.read(zip, name);
        values += header.count();
        if (values * header.dtype().bytes() > mostBytes) {
          throw new CorruptModelException(
              Text.format(
                  "array '%s' of %d elements must not claim more than %d times the %d bytes of the"
                      + " file",
                  name, header.count(), MOST_COMPRESSED, length));
        }
        allow.accept(values);
        if (arrays.put(name, values(zip, header, name)) != null) {
          throw new CorruptModelException("there are two arrays '" + name + "'");
        }
      }
    } catch (ZipException | EOFException e) {
      throw new CorruptModelException("the archive is damaged or truncated: " + e.getMessage(), e);
    }
    return arrays;
  }

  private static ZipEntry next(ZipInputStream zip) throws IOException {
    try {
      return zip.getNextEntry();
    } catch (IllegalArgumentException e) {
      throw new CorruptModelException("the archive has a name that is no text", e);
    }
  }

  private static String name(ZipEntry entry, Set<String> names) throws CorruptModelException {
    String name = entry.getName();
    String plain = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : "";
    if (!names.contains(plain)) {
      throw new CorruptModelException(
          Text.format(
              "the archive must have arrays named %s, got '%s'",
              names, name.substring(0, Math.min(name.length(), 60))));
    }
    return plain;
  }

  private static Tensor values(InputStream in, NpyHeader header, String name) throws IOException {
    float[] values = new float[header.count()];
    int size = header.dtype().bytes();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < values.length; ) {
      int elements = Math.min(CHUNK_BYTES / size, values.length - done);
      if (in.readNBytes(chunk.array(), 0, elements * size) < elements * size) {
        throw new CorruptModelException(
            Text.format("array '%s' ends before its %d elements", name, values.length));
      }
      header.dtype().decode(chunk, values, done, elements);
      done += elements;
    }
    // Also makes the archive check its sum of the array.
    if (in.read() >= 0) {
      throw new CorruptModelException(
          Text.format("array '%s' goes on after its %d elements", name, values.length));
    }
    return new Tensor(name, header.shape(), values, 0);
  }
}

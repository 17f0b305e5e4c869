package org.sparksae.core.format.foreign;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sparksae.core.Text;
import org.sparksae.core.format.CorruptModelException;
import org.sparksae.core.format.NamedArray.Dtype;

/**
 * The header of an array that numpy wrote: {@code "\x93NUMPY" major minor length text}, where the
 * text is {@code {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }}.
 *
 * <p>Source: <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">numpy
 * .lib.format</a>. Little-endian floats in C order are read; of all others the refusal names what
 * they are.
 *
 * @param dtype type of the elements
 * @param shape the sizes
 * @param count number of elements, their product
 */
record NpyHeader(Dtype dtype, int[] shape, int count) {
  /** The longest array that every JVM can allocate. */
  private static final int MAX_COUNT = Integer.MAX_VALUE - 8;

  /** Far more than a shape of 32 dimensions takes. */
  private static final int MAX_LENGTH = 1 << 14;

  private static final int MAX_RANK = 32;

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  private static final Map<String, Dtype> DTYPES =
      Map.of("<f4", Dtype.F32, "<f8", Dtype.F64, "<f2", Dtype.F16);

  /** The keys in the order in which numpy writes them. */
  private static final Pattern TEXT =
      Pattern.compile(
          "\\{'descr': '([^']{1,20})', 'fortran_order': (True|False), 'shape': \\(([0-9, ]*)\\),"
              + " \\}\\s*");

  /**
   * Reads the header.
   *
   * @param in positioned at the first byte; afterwards at the first element
   * @param name of the array, for messages
   */
  static NpyHeader read(InputStream in, String name) throws IOException {
    byte[] start = in.readNBytes(MAGIC.length + 2);
    if (start.length < MAGIC.length + 2
        || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new CorruptModelException(name + " must be an array of numpy, and begin with NUMPY");
    }
    int major = start[MAGIC.length];
    if (major < 1 || major > 3) {
      throw new CorruptModelException(
          Text.format("%s: version must be 1, 2 or 3, got %d", name, major));
    }
    byte[] size = in.readNBytes(major == 1 ? Short.BYTES : Integer.BYTES);
    ByteBuffer number = ByteBuffer.wrap(Arrays.copyOf(size, Integer.BYTES));
    int length = number.order(ByteOrder.LITTLE_ENDIAN).getInt();
    if (length < 0 || length > MAX_LENGTH) {
      throw new CorruptModelException(
          Text.format(
              "%s: the header must have at most %d bytes, got %s",
              name, MAX_LENGTH, Integer.toUnsignedString(length)));
    }
    byte[] text = in.readNBytes(length);
    if (text.length < length) {
      throw new CorruptModelException(name + ": the file ends within the header");
    }
    return parse(new String(text, StandardCharsets.ISO_8859_1), name);
  }

  private static NpyHeader parse(String text, String name) throws CorruptModelException {
    if (text.contains("|O")) {
      throw new CorruptModelException(
          name + " holds Python objects, and pickled objects are never opened");
    }
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new CorruptModelException(
          name + ": the header must name descr, fortran_order and shape of plain numbers");
    }
    Dtype dtype = DTYPES.get(parts.group(1));
    if (dtype == null) {
      throw new CorruptModelException(
          Text.format(
              "%s: dtype must be one of <f2, <f4, <f8, got '%s'; save it as float32",
              name, parts.group(1)));
    }
    if (parts.group(2).equals("True")) {
      throw new CorruptModelException(
          name + " is stored in Fortran order; save it in C order, by numpy.ascontiguousarray");
    }
    int[] shape = shape(parts.group(3), name);
    return new NpyHeader(dtype, shape, count(shape, name));
  }

  /** Reads {@code 2, 3}, or {@code 2,} of a vector, or nothing of a scalar. */
  private static int[] shape(String text, String name) throws CorruptModelException {
    String[] sizes = text.isBlank() ? new String[0] : text.split(", ?", MAX_RANK + 2);
    int rank =
        sizes.length > 0 && sizes[sizes.length - 1].isEmpty() ? sizes.length - 1 : sizes.length;
    try {
      if (rank > MAX_RANK) {
        throw new NumberFormatException("more than 32 dimensions");
      }
      return Arrays.stream(sizes, 0, rank).mapToInt(Integer::parseInt).toArray();
    } catch (NumberFormatException e) {
      throw new CorruptModelException(
          Text.format(
              "%s: shape must have at most 32 sizes below 2^31, got (%s)",
              name, text.substring(0, Math.min(text.length(), 60))),
          e);
    }
  }

  private static int count(int[] shape, String name) throws CorruptModelException {
    long count = 1;
    for (int size : shape) {
      // Both factors are below 2^31.
      count *= size;
      if (count > MAX_COUNT) {
        throw new CorruptModelException(
            Text.format(
                "%s: shape %s must have at most %d elements",
                name, Arrays.toString(shape), MAX_COUNT));
      }
    }
    return (int) count;
  }
}

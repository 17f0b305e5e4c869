package org.sparksae.examples;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.sparksae.core.Text;

/**
 * A forward-only reader of one IDX file of unsigned bytes, the format of the MNIST family.
 *
 * <p>An IDX file has a big-endian header, {@code 0x00 0x00 type rank} and one int32 per dimension,
 * and then the values in row-major order. The first dimension counts the records; the others are
 * the shape of a record. The content, not the name, decides whether a file is read as gzip.
 *
 * <p>Every error names the file, the value found and the rule. A file that is empty, ends early or
 * goes on after its last record is refused.
 */
final class IdxFile implements Closeable {

  private static final int UNSIGNED_BYTE = 0x08;
  private static final int GZIP_MAGIC = 0x1f8b;
  private static final int BUFFER_BYTES = 1 << 16;

  private final String name;
  private final DataInputStream in;
  private final int[] dimensions;
  private final int recordLength;
  private int read;

  private IdxFile(String name, DataInputStream in, int rank) throws IOException {
    this.name = name;
    this.in = in;
    this.dimensions = readHeader(rank);
    this.recordLength = product(dimensions);
  }

  /** Opens a file on any file system that Hadoop knows. */
  static IdxFile open(Path path, Configuration hadoop, int rank) throws IOException {
    return read(path.toString(), path.getFileSystem(hadoop).open(path), rank);
  }

  /**
   * Reads the header from {@code source}. The source is closed with this reader, or at once if the
   * header is refused.
   *
   * @param name the file's name in messages
   * @param rank the number of dimensions the file must have: 3 for images, 1 for labels
   */
  static IdxFile read(String name, InputStream source, int rank) throws IOException {
    try {
      return new IdxFile(name, new DataInputStream(decompressed(source)), rank);
    } catch (ZipException e) {
      source.close();
      throw damaged(name, e);
    } catch (EOFException e) {
      source.close();
      throw new IllegalArgumentException(
          Text.format(
              "%s ends within its header: an IDX file of %d dimension(s) starts with %d bytes of header",
              name, rank, 4 + 4 * rank),
          e);
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
  }

  /** The number of records according to the header. */
  int count() {
    return dimensions[0];
  }

  /** The number of values in one record: rows times columns of an image, 1 for labels. */
  int recordLength() {
    return recordLength;
  }

  /** Reads the next record into {@code record}: [recordLength], row-major, unsigned. */
  void next(byte[] record) throws IOException {
    try {
      in.readFully(record, 0, recordLength);
    } catch (EOFException e) {
      throw new IllegalArgumentException(
          Text.format(
              "%s ends within record %d, but its header announces %d records of %d byte(s): the file is cut off, fetch it again",
              name, read + 1, count(), recordLength),
          e);
    } catch (ZipException e) {
      throw damaged(name, e);
    }
    read++;
  }

  /** Reads the rest of the file and fails unless it has exactly the announced records. */
  void verifyRest() throws IOException {
    byte[] record = new byte[recordLength];
    while (read < count()) {
      next(record);
    }
    if (!atEnd()) {
      throw new IllegalArgumentException(
          Text.format(
              "%s goes on after its last record: its header announces %d records of %d byte(s) and nothing may follow them",
              name, count(), recordLength));
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** Reading past the last record makes gzip check its checksum, so it can fail as well. */
  private boolean atEnd() throws IOException {
    try {
      return in.read() < 0;
    } catch (EOFException | ZipException e) {
      throw damaged(name, e);
    }
  }

  private int[] readHeader(int rank) throws IOException {
    int magic = in.readInt();
    int expected = UNSIGNED_BYTE << 8 | rank;
    if (magic != expected) {
      throw new IllegalArgumentException(
          Text.format(
              "%s starts with the magic number 0x%08x, but must start with 0x%08x (IDX, unsigned bytes, %d dimension(s)): %s",
              name, magic, expected, rank, "are images and labels swapped?"));
    }
    int[] dims = new int[rank];
    for (int d = 0; d < rank; d++) {
      dims[d] = in.readInt();
      if (dims[d] < 1) {
        throw new IllegalArgumentException(
            Text.format(
                "%s has a dimension %d of %d, but every dimension must be in [1, 2147483647]",
                name, d, dims[d]));
      }
    }
    return dims;
  }

  private int product(int[] dims) {
    long product = 1;
    for (int d = 1; d < dims.length; d++) {
      product *= dims[d];
      // A larger record means a damaged header, and its buffer would be the next failure.
      if (product > 1 << 28) {
        throw new IllegalArgumentException(
            Text.format(
                "%s has records of %d or more bytes, but at most %d are allowed: the header is damaged",
                name, product, 1 << 28));
      }
    }
    return (int) product;
  }

  private static InputStream decompressed(InputStream source) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(source, BUFFER_BYTES);
    buffered.mark(2);
    int magic = buffered.read() << 8 | buffered.read();
    buffered.reset();
    return magic == GZIP_MAGIC
        ? new BufferedInputStream(new GZIPInputStream(buffered, BUFFER_BYTES), BUFFER_BYTES)
        : buffered;
  }

  private static IllegalArgumentException damaged(String name, IOException cause) {
    return new IllegalArgumentException(
        Text.format(
            "%s is not valid gzip (%s): the file is damaged, fetch it again",
            name, cause.getMessage()),
        cause);
  }
}

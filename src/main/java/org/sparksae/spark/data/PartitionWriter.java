package org.sparksae.spark.data;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import org.sparksae.core.Text;
import org.sparksae.core.rows.RowFileWriter;
import org.sparksae.core.rows.StoragePrecision;

/** Writes the file of a partition. If the disk fails or is full, the error says what to do. */
final class PartitionWriter implements AutoCloseable {
  private final File directory;
  private final RowFileWriter writer;
  private final RowCounts counts = new RowCounts();
  private long bytes;

  /**
   * Begins a file that does not exist yet.
   *
   * @param precision how values are stored; they must be rounded to it
   */
  PartitionWriter(File file, StoragePrecision precision, DiskCipher cipher) {
    directory = file.getParentFile();
    try {
      writer = new RowFileWriter(cipher.create(file), precision);
    } catch (IOException e) {
      throw cannotWrite(directory.getPath(), 0, directory.getUsableSpace(), e);
    }
  }

  void add(BlockReader.Part part) {
    counts.add(part);
    attempt(
        () -> {
          writer.add(part.block(), part.partition());
          bytes = writer.bytes();
        });
  }

  /** Finishes the file and returns the counts of its rows, which the file holds as well. */
  RowCounts finish() {
    attempt(() -> writer.finish(counts.bytes()));
    return counts;
  }

  /** Returns the number of bytes written so far, before encryption. */
  long bytes() {
    return writer.bytes();
  }

  @Override
  public void close() {
    attempt(writer::close);
  }

  @FunctionalInterface
  private interface Output {
    void run() throws IOException;
  }

  private void attempt(Output output) {
    try {
      output.run();
    } catch (IOException e) {
      throw cannotWrite(directory.getPath(), bytes, directory.getUsableSpace(), e);
    }
  }

  /**
   * Returns the exception for rows that cannot be written.
   *
   * @param directories where they were to go
   * @param written bytes written before
   * @param free bytes free there
   */
  static UncheckedIOException cannotWrite(
      String directories, long written, long free, IOException cause) {
    if (cause instanceof ClosedByInterruptException) {
      return new UncheckedIOException(cause);
    }
    return new UncheckedIOException(
        Text.format(
            "training rows cannot be written to %s after %d bytes, with %d bytes free there: %s; make room, or let spark.local.dir name other directories",
            directories, written, free, cause),
        cause);
  }
}

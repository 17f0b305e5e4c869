package org.sparksae.spark.data;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.sparksae.core.Text;
import org.sparksae.core.rows.RowFileWriter;
import org.sparksae.core.rows.StoragePrecision;
import org.sparksae.spark.job.LocalDisks;

/** Writes the file of a partition. If the disk fails or is full, the error says what to do. */
final class PartitionWriter implements AutoCloseable {
  private final File directory;
  private final RowFileWriter writer;
  private final RowCounts counts = new RowCounts();

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
      throw cannotWrite(0, List.of(directory), e);
    }
  }

  void add(BlockReader.Part part) {
    counts.add(part);
    attempt(() -> writer.add(part.block(), part.partition()));
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
      throw cannotWrite(bytes(), List.of(directory), e);
    }
  }

  /**
   * Returns the exception for rows that cannot be written.
   *
   * @param written bytes of the partition that were written before
   * @param directories where they were to go
   */
  static UncheckedIOException cannotWrite(long written, List<File> directories, IOException cause) {
    String what = Text.format("training rows (%d bytes of their partition so far)", written);
    return LocalDisks.cannotWrite(what, directories, cause);
  }
}

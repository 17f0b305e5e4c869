package org.sparksae.core.rows;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.SparseRows;

/**
 * Writes blocks of rows, one after the other, to a file that {@link RowFile} maps. In memory it
 * holds one buffer, and {@value BlockEntry#BYTES} bytes for each block.
 *
 * <p>The file cannot be read before {@link #finish}, since its index comes last. If a method fails,
 * the caller deletes the file.
 */
public final class RowFileWriter implements Closeable {
  private static final int BUFFER_BYTES = 1 << 18;

  private final WritableByteChannel channel;
  private final StoragePrecision precision;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.nativeOrder());
  private final FloatBuffer floats = buffer.asFloatBuffer();
  private final IntBuffer ints = buffer.asIntBuffer();
  private final ShortBuffer shorts = buffer.asShortBuffer();
  private final ByteArrayOutputStream index = new ByteArrayOutputStream();
  private int columns;
  private int blocks;
  private long written;

  /**
   * Begins a file.
   *
   * @param file does not exist yet, or is empty
   * @param precision how values are stored; they must be rounded to it
   * @throws IOException if the file cannot be created
   */
  public RowFileWriter(Path file, StoragePrecision precision) throws IOException {
    this(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE), precision);
  }

  /**
   * Begins a file that a channel writes.
   *
   * @param channel closed by this writer
   * @param precision how values are stored; they must be rounded to it
   */
  public RowFileWriter(WritableByteChannel channel, StoragePrecision precision) {
    this.precision = precision;
    this.channel = channel;
  }

  /**
   * Writes a block, which has as many columns as those before. Blocks without rows are left out.
   *
   * @param origin a number that {@link RowFile#rows} looks up; blocks of one origin must be added
   *     in the order of their row numbers
   * @throws IOException if the block cannot be written
   * @throws IllegalArgumentException if a value is not rounded to the precision
   */
  public void add(RowBlock block, int origin) throws IOException {
    if (block.size() == 0) {
      return;
    }
    columns = block.columns();
    BlockEntry entry = BlockEntry.of(block, origin, precision);
    if (entry.bytes(columns) > Integer.MAX_VALUE) {
      throw new IOException(
          "a block of " + entry.bytes(columns) + " bytes is larger than a file can be mapped");
    }
    long start = written;
    if (entry.weighted()) {
      write(block.weights(), 0, block.size());
    }
    if (block.rows() instanceof DenseRows dense) {
      writeValues(dense.values(), dense.offset(), dense.end() - dense.offset());
    } else {
      write((SparseRows) block.rows(), entry.entries());
    }
    fill(start + entry.bytes(columns));
    ByteBuffer line = ByteBuffer.allocate(BlockEntry.BYTES).order(ByteOrder.nativeOrder());
    entry.write(line);
    index.write(line.array());
    blocks++;
  }

  private void write(SparseRows rows, int entries) throws IOException {
    int first = rows.start(0);
    int[] starts = new int[rows.rows() + 1];
    for (int row = 0; row < rows.rows(); row++) {
      starts[row + 1] = rows.end(row) - first;
    }
    write(starts, 0, starts.length);
    write(rows.indices(), first, entries);
    writeValues(rows.values(), first, entries);
  }

  private void writeValues(float[] values, int offset, int count) throws IOException {
    if (precision == StoragePrecision.FLOAT32) {
      write(values, offset, count);
      return;
    }
    for (int done = 0; done < count; ) {
      int part = Math.min(shorts.capacity(), count - done);
      for (int i = 0; i < part; i++) {
        shorts.put(i, StoragePrecision.bfloat16(values[offset + done + i]));
      }
      // The capacity is even, so only the end of the block may have half a word.
      flush((part + 1) / 2);
      done += part;
    }
  }

  private void write(float[] values, int offset, int count) throws IOException {
    for (int done = 0; done < count; ) {
      int part = Math.min(floats.capacity(), count - done);
      floats.put(0, values, offset + done, part);
      flush(part);
      done += part;
    }
  }

  private void write(int[] values, int offset, int count) throws IOException {
    for (int done = 0; done < count; ) {
      int part = Math.min(ints.capacity(), count - done);
      ints.put(0, values, offset + done, part);
      flush(part);
      done += part;
    }
  }

  /** Writes zeros until the file has a number of bytes, less than a page away. */
  private void fill(long bytes) throws IOException {
    writeAll(ByteBuffer.allocate((int) (bytes - written)));
  }

  private void flush(int words) throws IOException {
    writeAll(buffer.position(0).limit(words * Float.BYTES));
  }

  private void writeAll(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      written += channel.write(bytes);
    }
  }

  /**
   * Writes the index and closes the file.
   *
   * @param note bytes that {@link RowFile#note} returns
   * @throws IOException if the file cannot be written
   */
  public void finish(byte[] note) throws IOException {
    writeAll(ByteBuffer.wrap(index.toByteArray()));
    writeAll(ByteBuffer.wrap(note));
    writeAll(new RowFile.Tail(blocks, columns, note.length, RowFile.MAGIC).bytes());
    channel.close();
  }

  /** Returns the number of bytes written so far. */
  public long bytes() {
    return written;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

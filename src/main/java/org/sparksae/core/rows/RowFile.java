package org.sparksae.core.rows;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.sparksae.core.Text;

/**
 * A mapped file of blocks of rows. The rows take no heap; the operating system keeps as many of
 * them in memory as it has room for.
 *
 * <pre>
 * blocks; a {@link BlockEntry} for each; a note; number of blocks, columns, length of the note
 * (4 bytes each); a magic number (8 bytes)
 * </pre>
 *
 * <p>The byte order is the processor's, because only the cluster that wrote a file reads it. The
 * mapping ends when the garbage collector finds that nothing refers to the blocks. Until then a
 * deleted file can still be read, and still occupies the disk.
 */
public final class RowFile {
  static final long MAGIC = 0x53414552_4F575331L;

  /** A buffer has less than 2 GiB. */
  private static final int PIECE_BYTES = 1 << 30;

  private final int[] origins;
  private final List<MappedBlock> blocks;
  private final byte[] note;

  /** The last bytes of a file. */
  record Tail(int blocks, int columns, int noteLength, long magic) {
    static final int BYTES = 3 * Integer.BYTES + Long.BYTES;

    static Tail read(ByteBuffer bytes) {
      return new Tail(bytes.getInt(), bytes.getInt(), bytes.getInt(), bytes.getLong());
    }

    ByteBuffer bytes() {
      ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.nativeOrder());
      return bytes.putInt(blocks).putInt(columns).putInt(noteLength).putLong(magic).flip();
    }

    /** Returns the number of bytes of index, note and tail. */
    long length() {
      return (long) BlockEntry.BYTES * blocks + noteLength + BYTES;
    }
  }

  private RowFile(int[] origins, List<MappedBlock> blocks, byte[] note) {
    this.origins = origins;
    this.blocks = blocks;
    this.note = note;
  }

  /**
   * Maps a file.
   *
   * @throws IOException if it cannot be read, or is not a complete file of {@link RowFileWriter}
   */
  public static RowFile open(Path file) throws IOException {
    return open(file, PIECE_BYTES);
  }

  /**
   * Maps a file.
   *
   * @param pieceBytes maximum number of bytes mapped together, unless one block is larger
   */
  static RowFile open(Path file, int pieceBytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      Tail tail = tail(file, channel, size);
      ByteBuffer index = read(channel, size - tail.length(), BlockEntry.BYTES * tail.blocks());
      List<BlockEntry> entries = new ArrayList<>(tail.blocks());
      long end = 0;
      for (int b = 0; b < tail.blocks(); b++) {
        entries.add(BlockEntry.read(index));
        end += entries.get(b).bytes(tail.columns());
      }
      if (end != size - tail.length()) {
        throw damaged(file, size);
      }
      ByteBuffer note = read(channel, size - Tail.BYTES - tail.noteLength(), tail.noteLength());
      return new RowFile(
          entries.stream().mapToInt(BlockEntry::origin).toArray(),
          new Mapping(channel, pieceBytes, tail.columns()).blocks(entries),
          note.array());
    }
  }

  private static Tail tail(Path file, FileChannel channel, long size) throws IOException {
    if (size < Tail.BYTES) {
      throw damaged(file, size);
    }
    Tail tail = Tail.read(read(channel, size - Tail.BYTES, Tail.BYTES));
    boolean fits = tail.blocks() >= 0 && tail.noteLength() >= 0 && tail.length() <= size;
    if (tail.magic() != MAGIC || !fits) {
      throw damaged(file, size);
    }
    return tail;
  }

  private static IOException damaged(Path file, long size) {
    return new IOException(Text.format("%s, of %d bytes, is not a whole file of rows", file, size));
  }

  private static ByteBuffer read(FileChannel channel, long from, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, from + bytes.position()) < 0) {
        throw new EOFException("the file became shorter while it was read");
      }
    }
    return bytes.flip();
  }

  /** Maps blocks piece by piece; no block lies across two pieces. */
  private record Mapping(FileChannel channel, int pieceBytes, int columns) {

    List<MappedBlock> blocks(List<BlockEntry> entries) throws IOException {
      List<MappedBlock> blocks = new ArrayList<>(entries.size());
      long from = 0;
      while (blocks.size() < entries.size()) {
        int first = blocks.size();
        int last = first;
        long bytes = 0;
        do {
          bytes += entries.get(last++).bytes(columns);
        } while (last < entries.size() && bytes + entries.get(last).bytes(columns) <= pieceBytes);
        add(entries.subList(first, last), piece(from, bytes), blocks);
        from += bytes;
      }
      return blocks;
    }

    private MappedBlock.Piece piece(long from, long bytes) throws IOException {
      MappedByteBuffer piece = channel.map(MapMode.READ_ONLY, from, bytes);
      piece.order(ByteOrder.nativeOrder());
      return new MappedBlock.Piece(piece);
    }

    private void add(List<BlockEntry> entries, MappedBlock.Piece piece, List<MappedBlock> blocks) {
      long at = 0;
      for (BlockEntry entry : entries) {
        int word = (int) (at / Float.BYTES);
        blocks.add(new MappedBlock(piece, word, entry, columns, entry.firstRow()));
        at += entry.bytes(columns);
      }
    }
  }

  /** Returns the blocks in the order and with the row numbers in which they were written. */
  public List<? extends StoredBlock> blocks() {
    return blocks;
  }

  /** Returns the origin of block {@code block}, as it was written. */
  public int origin(int block) {
    return origins[block];
  }

  /** Returns what {@link RowFileWriter#finish} was given. */
  public byte[] note() {
    return note.clone();
  }

  /**
   * Returns the rows as those of one partition.
   *
   * @param firstRows for each origin, what to add to the row numbers of its blocks
   */
  public PartitionRows rows(long[] firstRows) {
    List<StoredBlock> numbered = new ArrayList<>(blocks.size());
    for (int b = 0; b < origins.length; b++) {
      MappedBlock block = blocks.get(b);
      numbered.add(block.startingAt(firstRows[origins[b]] + block.firstRow()));
    }
    return new PartitionRows(numbered);
  }
}

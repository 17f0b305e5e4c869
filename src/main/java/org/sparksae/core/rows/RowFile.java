package org.sparksae.core.rows;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
      return read(new MappedSource(file, channel, channel.size()), pieceBytes);
    }
  }

  /**
   * Returns a file whose bytes are in memory.
   *
   * @param bytes all of them, from 0 to the limit, in a direct buffer, which must not change
   * @param name what to call it in messages
   * @throws IOException if they are not a complete file of {@link RowFileWriter}
   */
  public static RowFile of(ByteBuffer bytes, String name) throws IOException {
    return read(new BufferSource(bytes, name), PIECE_BYTES);
  }

  private static RowFile read(Source source, int pieceBytes) throws IOException {
    Tail tail = tail(source);
    ByteBuffer index = source.copy(source.size() - tail.length(), BlockEntry.BYTES * tail.blocks());
    List<BlockEntry> entries = new ArrayList<>(tail.blocks());
    long end = 0;
    for (int b = 0; b < tail.blocks(); b++) {
      entries.add(BlockEntry.read(index));
      end += entries.get(b).bytes(tail.columns());
    }
    if (end != source.size() - tail.length()) {
      throw damaged(source);
    }
    ByteBuffer note =
        source.copy(source.size() - Tail.BYTES - tail.noteLength(), tail.noteLength());
    return new RowFile(
        entries.stream().mapToInt(BlockEntry::origin).toArray(),
        new Mapping(source, pieceBytes, tail.columns()).blocks(entries),
        note.array());
  }

  private static Tail tail(Source source) throws IOException {
    if (source.size() < Tail.BYTES) {
      throw damaged(source);
    }
    Tail tail = Tail.read(source.copy(source.size() - Tail.BYTES, Tail.BYTES));
    boolean fits = tail.blocks() >= 0 && tail.noteLength() >= 0 && tail.length() <= source.size();
    if (tail.magic() != MAGIC || !fits) {
      throw damaged(source);
    }
    return tail;
  }

  private static IOException damaged(Source source) {
    return new IOException(
        Text.format("%s, of %d bytes, is not a whole file of rows", source.name(), source.size()));
  }

  /** The bytes of a file. */
  private sealed interface Source {
    String name();

    long size();

    /** Returns a copy of some bytes on the heap, in native order. */
    ByteBuffer copy(long from, int length) throws IOException;

    /** Returns some bytes where they are. */
    ByteBuffer piece(long from, long length) throws IOException;
  }

  private record MappedSource(Path file, FileChannel channel, long size) implements Source {
    @Override
    public String name() {
      return file.toString();
    }

    @Override
    public ByteBuffer copy(long from, int length) throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, from + bytes.position()) < 0) {
          throw new EOFException("the file became shorter while it was read");
        }
      }
      return bytes.flip();
    }

    @Override
    public ByteBuffer piece(long from, long length) throws IOException {
      return channel.map(MapMode.READ_ONLY, from, length);
    }
  }

  private record BufferSource(ByteBuffer bytes, String name) implements Source {
    @Override
    public long size() {
      return bytes.limit();
    }

    @Override
    public ByteBuffer copy(long from, int length) {
      byte[] copy = new byte[length];
      bytes.get((int) from, copy);
      return ByteBuffer.wrap(copy).order(ByteOrder.nativeOrder());
    }

    @Override
    public ByteBuffer piece(long from, long length) {
      return bytes.slice((int) from, (int) length);
    }
  }

  /** Maps blocks piece by piece; no block lies across two pieces. */
  private record Mapping(Source source, int pieceBytes, int columns) {

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
      ByteBuffer piece = source.piece(from, bytes);
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

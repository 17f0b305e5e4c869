package org.sparksae.core.rows;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.MappedByteBuffer;
import java.util.Arrays;
import org.sparksae.core.linalg.Kernels;

/**
 * A block in a mapped file, or in a file whose bytes are in memory. Several threads may read it at
 * once, because no read moves a position.
 */
final class MappedBlock implements StoredBlock {

  /**
   * A mapped range of a file.
   *
   * @param bytes its bytes, in the processor's order
   * @param floats the same as floats
   * @param ints the same as integers
   */
  record Piece(ByteBuffer bytes, FloatBuffer floats, IntBuffer ints) {
    Piece(ByteBuffer bytes) {
      this(bytes, bytes.asFloatBuffer(), bytes.asIntBuffer());
    }
  }

  private final Piece piece;

  /** Word of the piece at which the block begins. */
  private final int at;

  private final BlockEntry entry;
  private final int columns;
  private final long firstRow;

  MappedBlock(Piece piece, int at, BlockEntry entry, int columns, long firstRow) {
    this.piece = piece;
    this.at = at;
    this.entry = entry;
    this.columns = columns;
    this.firstRow = firstRow;
  }

  @Override
  public int size() {
    return entry.rows();
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public long firstRow() {
    return firstRow;
  }

  @Override
  public MappedBlock startingAt(long number) {
    return number == firstRow ? this : new MappedBlock(piece, at, entry, columns, number);
  }

  @Override
  public boolean isSparse() {
    return entry.isSparse();
  }

  @Override
  public boolean isWeighted() {
    return entry.weighted();
  }

  @Override
  public float weight(int row) {
    return entry.weighted() ? piece.floats().get(at + row) : 1f;
  }

  /** Word at which rows begin, or the row starts of a sparse block. */
  private int rowsAt() {
    return at + entry.weightWords();
  }

  private int start(int row) {
    return piece.ints().get(rowsAt() + row);
  }

  private int indicesAt() {
    return rowsAt() + entry.rows() + 1;
  }

  /** Word at which the values begin. */
  private int valuesAt() {
    return isSparse() ? indicesAt() + entry.entries() : rowsAt();
  }

  @Override
  public void copyRows(int from, int to, float[] target, int offset) {
    if (!isSparse()) {
      copyValues(from * columns, (to - from) * columns, target, offset);
      return;
    }
    Arrays.fill(target, offset, offset + (to - from) * columns, 0f);
    for (int row = from; row < to; row++) {
      int at = offset + (row - from) * columns;
      for (int p = start(row); p < start(row + 1); p++) {
        target[at + piece.ints().get(indicesAt() + p)] = value(p);
      }
    }
  }

  private boolean isHalf() {
    return entry.precision() == StoragePrecision.BFLOAT16;
  }

  /** Byte of the piece at which value {@code index} of the block begins. */
  private int byteOf(int index) {
    return Float.BYTES * valuesAt() + entry.precision().bytes() * index;
  }

  private float value(int index) {
    return isHalf()
        ? Float.intBitsToFloat(piece.bytes().getShort(byteOf(index)) << Short.SIZE)
        : piece.floats().get(valuesAt() + index);
  }

  /** Copies values from the block's value {@code first} on. */
  private void copyValues(int first, int count, float[] target, int offset) {
    if (isHalf()) {
      Kernels.widenBfloat16(piece.bytes(), byteOf(first), target, offset, count);
    } else {
      piece.floats().get(valuesAt() + first, target, offset, count);
    }
  }

  @Override
  public int entries(int from, int to) {
    return start(to) - start(from);
  }

  @Override
  public void copyEntries(int from, int to, float[] values, int[] indices, int offset) {
    int start = start(from);
    copyValues(start, entries(from, to), values, offset);
    piece.ints().get(indicesAt() + start, indices, offset, entries(from, to));
  }

  @Override
  public void load(int from, int to) {
    if (isSparse()) {
      loadBytes(Float.BYTES * (indicesAt() + start(from)), Integer.BYTES * entries(from, to));
      loadValues(start(from), entries(from, to));
    } else {
      loadValues(from * columns, (to - from) * columns);
    }
  }

  private void loadValues(int first, int count) {
    loadBytes(byteOf(first), entry.precision().bytes() * count);
  }

  /** Asks the operating system for all of it at once, before the pages are touched. */
  private void loadBytes(int at, int count) {
    if (piece.bytes() instanceof MappedByteBuffer mapped) {
      mapped.slice(at, count).load();
    }
  }

  @Override
  public RowBlock tile(int from, int to, GatheredRows buffer) {
    buffer.begin(columns, isSparse(), isWeighted(), 1);
    buffer.add(this, from, to);
    return buffer.rows();
  }
}

package org.sparksae.core.rows;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * A block in a mapped file. Several threads may read it at once, because no read moves a position.
 */
final class MappedBlock implements StoredBlock {

  /**
   * A mapped range of a file, as floats and as integers.
   *
   * @param floats its words as floats
   * @param ints the same words as integers
   */
  record Piece(FloatBuffer floats, IntBuffer ints) {}

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

  private int valuesAt() {
    return indicesAt() + entry.entries();
  }

  @Override
  public void copyRow(int row, float[] target, int offset) {
    if (!isSparse()) {
      piece.floats().get(rowsAt() + row * columns, target, offset, columns);
      return;
    }
    Arrays.fill(target, offset, offset + columns, 0f);
    for (int p = start(row); p < start(row + 1); p++) {
      target[offset + piece.ints().get(indicesAt() + p)] = piece.floats().get(valuesAt() + p);
    }
  }

  @Override
  public int entries(int row) {
    return start(row + 1) - start(row);
  }

  @Override
  public void copyEntries(int row, float[] values, int[] indices, int offset) {
    int start = start(row);
    piece.floats().get(valuesAt() + start, values, offset, entries(row));
    piece.ints().get(indicesAt() + start, indices, offset, entries(row));
  }

  @Override
  public RowBlock tile(int from, int to, GatheredRows buffer) {
    buffer.begin(columns, isSparse(), isWeighted());
    for (int row = from; row < to; row++) {
      buffer.add(this, row);
    }
    return buffer.rows();
  }
}

package org.sparksae.core.rows;

import java.nio.ByteBuffer;

/**
 * A line in the index of a {@link RowFile}, which describes one block. The fields have the order of
 * the file.
 *
 * <p>A block consists of words of 4 bytes, with r rows and e stored values:
 *
 * <pre>
 * dense:   [weights (r)], values (r * columns)
 * sparse:  [weights (r)], row starts (r + 1), column indices (e), values (e)
 * </pre>
 *
 * <p>Values of 2 bytes are two in a word; the last word may have one. Zeros fill a block to whole
 * pages: rows of 4 KB are then read from disk as one page each, not two.
 *
 * @param firstRow number of its first row, as it was written
 * @param origin a number of the writer's
 * @param rows number of its rows, 1 or more
 * @param entries number of stored values, if it is sparse; {@link #DENSE} otherwise
 * @param weighted whether its rows have weights
 * @param precision how its values are stored
 */
record BlockEntry(
    long firstRow,
    int origin,
    int rows,
    int entries,
    boolean weighted,
    StoragePrecision precision) {
  static final int DENSE = -1;

  /** Bytes of a page of memory, or less on a processor with larger pages. */
  static final int PAGE_BYTES = 1 << 12;

  /** Bytes of a line. */
  static final int BYTES = Long.BYTES + 5 * Integer.BYTES;

  static BlockEntry of(StoredBlock block, int origin, StoragePrecision precision) {
    int entries = block.isSparse() ? block.entries(0, block.size()) : DENSE;
    return new BlockEntry(
        block.firstRow(), origin, block.size(), entries, block.isWeighted(), precision);
  }

  static BlockEntry read(ByteBuffer line) {
    return new BlockEntry(
        line.getLong(),
        line.getInt(),
        line.getInt(),
        line.getInt(),
        line.getInt() != 0,
        StoragePrecision.values()[line.getInt()]);
  }

  void write(ByteBuffer line) {
    line.putLong(firstRow).putInt(origin).putInt(rows).putInt(entries);
    line.putInt(weighted ? 1 : 0).putInt(precision.ordinal());
  }

  boolean isSparse() {
    return entries != DENSE;
  }

  /** Returns the number of words that the weights take; they come first. */
  int weightWords() {
    return weighted ? rows : 0;
  }

  /** Returns the number of stored values, which come last. */
  private long values(int columns) {
    return isSparse() ? entries : (long) rows * columns;
  }

  /** Returns the bytes of the block. */
  long bytes(int columns) {
    long places = isSparse() ? rows + 1L + entries : 0;
    long valueWords = (values(columns) * precision.bytes() + Float.BYTES - 1) / Float.BYTES;
    long bytes = Float.BYTES * (weightWords() + places + valueWords);
    return (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
  }
}

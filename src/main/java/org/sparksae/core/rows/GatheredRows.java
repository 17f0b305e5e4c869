package org.sparksae.core.rows;

import java.util.Arrays;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;

/**
 * A buffer into which rows of several blocks are copied, to be processed as one tile. It is sparse
 * if all blocks are, otherwise dense. Its arrays are reused.
 */
public final class GatheredRows {
  private final int capacity;
  private int columns;
  private boolean sparse;
  private boolean weighted;
  private int filled;
  private float[] dense = new float[0];
  private float[] values = new float[0];
  private int[] indices = new int[0];
  private int[] starts = new int[1];
  private float[] weights = new float[0];
  private long[] numbers = new long[0];
  private CorruptedRows corrupted;

  /** Makes a buffer for at most {@code capacity} rows, 1 or more. */
  public GatheredRows(int capacity) {
    this.capacity = capacity;
  }

  public int capacity() {
    return capacity;
  }

  /**
   * Empties the buffer and sets the form of the rows to come.
   *
   * @param columns values of a row
   * @param sparse whether all rows to come are from sparse blocks
   * @param weighted whether any of their blocks has weights
   */
  void begin(int columns, boolean sparse, boolean weighted) {
    this.columns = columns;
    this.sparse = sparse;
    this.weighted = weighted;
    filled = 0;
    if (sparse && starts.length < capacity + 1) {
      starts = new int[capacity + 1];
    }
    if (!sparse && dense.length < (long) capacity * columns) {
      dense = new float[Math.multiplyExact(capacity, columns)];
    }
    if (weighted && weights.length < capacity) {
      weights = new float[capacity];
    }
    if (numbers.length < capacity) {
      numbers = new long[capacity];
    }
  }

  boolean isFull() {
    return filled == capacity;
  }

  boolean isEmpty() {
    return filled == 0;
  }

  /** Appends a row of a block. */
  void add(StoredBlock block, int row) {
    if (sparse) {
      addSparse(block, row);
      setRest(filled, block, row);
    } else {
      set(filled, block, row);
    }
    filled++;
  }

  /**
   * Fills one slot of a dense buffer, in any order. Threads may fill different slots at the same
   * time.
   */
  void set(int slot, StoredBlock block, int row) {
    block.copyRow(row, dense, slot * columns);
    setRest(slot, block, row);
  }

  /** Sets the number of rows after calls of {@link #set}. */
  void setFilled(int rows) {
    filled = rows;
  }

  private void setRest(int slot, StoredBlock block, int row) {
    numbers[slot] = block.firstRow() + row;
    if (weighted) {
      weights[slot] = block.weight(row);
    }
  }

  private void addSparse(StoredBlock block, int row) {
    int length = block.entries(row);
    int at = starts[filled];
    if (values.length < at + length) {
      int size = Math.max(at + length, 2 * values.length);
      values = Arrays.copyOf(values, size);
      indices = Arrays.copyOf(indices, size);
    }
    block.copyEntries(row, values, indices, at);
    starts[filled + 1] = at + length;
  }

  /** Returns the rows in the buffer, valid until it changes. */
  RowBlock rows() {
    return RowBlock.gathered(
        sparse
            ? new SparseRows(values, indices, starts, 0, filled, columns)
            : DenseRows.of(dense, filled, columns),
        weighted ? weights : null,
        numbers);
  }

  /**
   * Returns the tile with the encoder's corrupted input, valid until the next call.
   *
   * @param noise null for none
   */
  RowBlock corrupt(RowBlock tile, Noise noise, Team team) {
    if (noise == null) {
      return tile;
    }
    if (corrupted == null) {
      corrupted = new CorruptedRows();
    }
    return tile.corrupted(corrupted.of(tile, noise, team));
  }
}

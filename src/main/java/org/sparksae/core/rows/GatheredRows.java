package org.sparksae.core.rows;

import java.util.Arrays;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;

/**
 * A buffer into which rows of several blocks are copied, to be processed as one tile. It is sparse
 * if all blocks are, otherwise dense. Its arrays are reused.
 */
public final class GatheredRows {
  private final int capacity;
  private final SplitRows split;
  private int columns;
  private float scale = 1;
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

  /** Makes a buffer for at most {@code capacity} rows, 1 or more, which stay whole. */
  public GatheredRows(int capacity) {
    this(capacity, 0);
  }

  /**
   * Makes a buffer for the rows of a model.
   *
   * @param capacity the most rows, 1 or more
   * @param cut where rows are cut into input and target; 0 for rows that are both
   */
  public GatheredRows(int capacity, int cut) {
    this.capacity = capacity;
    this.split = cut == 0 ? null : new SplitRows(cut);
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
   * @param scale factor of every value; 1 for the rows as they are
   */
  void begin(int columns, boolean sparse, boolean weighted, float scale) {
    this.columns = columns;
    this.scale = scale;
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

  /** Returns how many more rows there is room for. */
  int room() {
    return capacity - filled;
  }

  boolean isEmpty() {
    return filled == 0;
  }

  /** Appends rows {@code from} (inclusive) to {@code to} (exclusive) of a block. */
  void add(StoredBlock block, int from, int to) {
    if (sparse) {
      addSparse(block, from, to);
    } else {
      copyDense(block, from, to, filled);
    }
    for (int row = from; row < to; row++) {
      setRest(filled++, block, row);
    }
  }

  /**
   * Fills one slot of a dense buffer, in any order. Threads may fill different slots at the same
   * time.
   */
  void set(int slot, StoredBlock block, int row) {
    copyDense(block, row, row + 1, slot);
    setRest(slot, block, row);
  }

  private void copyDense(StoredBlock block, int from, int to, int slot) {
    block.copyRows(from, to, dense, slot * columns);
    scale(dense, slot * columns, (to - from) * columns);
  }

  private void scale(float[] copied, int from, int length) {
    if (scale != 1) {
      Kernels.scale(scale, copied, from, length);
    }
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

  private void addSparse(StoredBlock block, int from, int to) {
    int at = starts[filled];
    int end = at + block.entries(from, to);
    if (values.length < end) {
      int size = Math.max(end, 2 * values.length);
      values = Arrays.copyOf(values, size);
      indices = Arrays.copyOf(indices, size);
    }
    block.copyEntries(from, to, values, indices, at);
    scale(values, at, end - at);
    for (int row = from; row < to; row++) {
      starts[filled + row - from + 1] = at + block.entries(from, row + 1);
    }
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
   * Returns the tile as the model sees it, with input and target apart and the input corrupted;
   * valid until the next call.
   *
   * @param noise null for none
   */
  RowBlock asSeen(RowBlock whole, Noise noise, Team team) {
    RowBlock tile = split == null ? whole : split.of(whole, team);
    if (noise == null) {
      return tile;
    }
    if (corrupted == null) {
      corrupted = new CorruptedRows();
    }
    return tile.with(corrupted.of(tile, noise, team), tile.rows());
  }
}

package org.sparksae.core.rows;

import java.util.Arrays;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;

/**
 * Rows copied together from blocks, to be worked on as one: dense, or sparse where all blocks are.
 *
 * <p>Its arrays are kept from one use to the next.
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

  /** A buffer for at most {@code capacity} rows, 1 or more. */
  public GatheredRows(int capacity) {
    this.capacity = capacity;
  }

  public int capacity() {
    return capacity;
  }

  /**
   * Empties the buffer, for rows of a form.
   *
   * @param columns values of a row
   * @param sparse whether every row that will come is from a sparse block
   * @param weighted whether any of them has a weight of its own
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
  void add(RowBlock block, int row) {
    if (sparse) {
      addSparse((SparseRows) block.rows(), row);
      setRest(filled, block, row);
    } else {
      set(filled, block, row);
    }
    filled++;
  }

  /** Fills a place out of turn, if not sparse; threads may fill different places at a time. */
  void set(int slot, RowBlock block, int row) {
    block.copyRow(row, dense, slot * columns);
    setRest(slot, block, row);
  }

  /** After {@link #set}: the places that are filled. */
  void setFilled(int rows) {
    filled = rows;
  }

  private void setRest(int slot, RowBlock block, int row) {
    numbers[slot] = block.number(row);
    if (weighted) {
      weights[slot] = block.weight(row);
    }
  }

  private void addSparse(SparseRows rows, int row) {
    int from = rows.start(row);
    int length = rows.end(row) - from;
    int at = starts[filled];
    if (values.length < at + length) {
      int size = Math.max(at + length, 2 * values.length);
      values = Arrays.copyOf(values, size);
      indices = Arrays.copyOf(indices, size);
    }
    System.arraycopy(rows.values(), from, values, at, length);
    System.arraycopy(rows.indices(), from, indices, at, length);
    starts[filled + 1] = at + length;
  }

  /** The rows that are in it; valid until the next change. */
  RowBlock rows() {
    return RowBlock.gathered(
        sparse
            ? new SparseRows(values, indices, starts, 0, filled, columns)
            : DenseRows.of(dense, filled, columns),
        weighted ? weights : null,
        numbers);
  }

  /**
   * A tile as the encoder is to see it; valid until the next call.
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

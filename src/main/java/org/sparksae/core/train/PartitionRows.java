package org.sparksae.core.train;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.sparksae.core.linalg.DenseRows;

/**
 * The rows of one partition: blocks, and the place of the first row among the rows of all
 * partitions.
 *
 * <p>A partition may be empty, and so may a block.
 */
public final class PartitionRows {
  private final List<RowBlock> blocks;
  private final long[] ends;
  private final long firstRow;

  /**
   * A partition.
   *
   * @param blocks its blocks in order
   * @param firstRow index of its first row, counted over all partitions in order
   */
  public PartitionRows(List<RowBlock> blocks, long firstRow) {
    // The search for a row's block needs ends that differ.
    this.blocks = blocks.stream().filter(block -> block.rows().rows() > 0).toList();
    this.firstRow = firstRow;
    this.ends = new long[this.blocks.size()];
    long end = firstRow;
    for (int b = 0; b < ends.length; b++) {
      end += this.blocks.get(b).rows().rows();
      ends[b] = end;
    }
  }

  /** Number of rows. */
  public long rows() {
    return ends.length == 0 ? 0 : ends[ends.length - 1] - firstRow;
  }

  /**
   * Passes this partition's rows of a batch on, as tiles of at most {@code tileRows} rows. A tile
   * is valid during the call only. Tiles, and rows within them, come in an order that depends on
   * the batch alone.
   */
  public void forEachTile(Batch batch, int tileRows, Consumer<RowBlock> consumer) {
    if (batch.isAll()) {
      forEachSlice(tileRows, consumer);
    } else if (rows() > 0) {
      forEachGathered(batch, tileRows, consumer);
    }
  }

  private void forEachSlice(int tileRows, Consumer<RowBlock> consumer) {
    for (RowBlock block : blocks) {
      int rows = block.rows().rows();
      for (int from = 0; from < rows; from += tileRows) {
        consumer.accept(block.slice(from, Math.min(from + tileRows, rows)));
      }
    }
  }

  private void forEachGathered(Batch batch, int tileRows, Consumer<RowBlock> consumer) {
    int columns = blocks.get(0).rows().columns();
    boolean weighted = blocks.stream().anyMatch(block -> block.weights() != null);
    int capacity = (int) Math.min(tileRows, batch.to() - batch.from());
    float[] values = new float[capacity * columns];
    float[] weights = weighted ? new float[capacity] : null;
    int filled = 0;
    for (long position = batch.from(); position < batch.to(); position++) {
      long row = batch.order().rowAt(position);
      if (row < firstRow || row >= firstRow + rows()) {
        continue;
      }
      copyRow(row, values, weights, filled++);
      if (filled == capacity) {
        consumer.accept(tile(values, weights, filled, columns));
        filled = 0;
      }
    }
    if (filled > 0) {
      consumer.accept(tile(values, weights, filled, columns));
    }
  }

  private void copyRow(long row, float[] values, float[] weights, int slot) {
    int found = Arrays.binarySearch(ends, row + 1);
    int b = found >= 0 ? found : -found - 1;
    RowBlock block = blocks.get(b);
    DenseRows rows = (DenseRows) block.rows();
    int index = (int) (row - (ends[b] - rows.rows()));
    int columns = rows.columns();
    System.arraycopy(rows.values(), rows.rowOffset(index), values, slot * columns, columns);
    if (weights != null) {
      weights[slot] = block.weight(index);
    }
  }

  private static RowBlock tile(float[] values, float[] weights, int rows, int columns) {
    return new RowBlock(DenseRows.of(values, rows, columns), weights);
  }
}

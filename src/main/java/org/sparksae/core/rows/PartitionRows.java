package org.sparksae.core.rows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;

/**
 * The rows of one partition, in blocks. Each block knows the numbers of its rows among the rows of
 * all partitions.
 *
 * <p>A partition may be empty, and so may a block.
 */
public final class PartitionRows {
  /** Matrix products of fewer rows are so slow that copying the rows together costs less. */
  private static final int SMALL_BLOCK_ROWS = 512;

  private final List<RowBlock> blocks;

  /** Number of this partition's rows up to the end of each block. */
  private final long[] ends;

  private final Runnable beforeTile;

  /**
   * A partition.
   *
   * @param blocks its blocks, by ascending row numbers
   */
  public PartitionRows(List<RowBlock> blocks) {
    this(blocks, () -> {});
  }

  /**
   * A partition.
   *
   * @param blocks its blocks, by ascending row numbers
   * @param beforeTile runs before each tile of {@link #forEachTile}; an exception from it ends the
   *     loop
   */
  public PartitionRows(List<RowBlock> blocks, Runnable beforeTile) {
    this.beforeTile = beforeTile;
    // Empty blocks would have equal ends, which the search for a row's block cannot tell apart.
    this.blocks = blocks.stream().filter(block -> block.rows().rows() > 0).toList();
    this.ends = new long[this.blocks.size()];
    long end = 0;
    for (int b = 0; b < ends.length; b++) {
      end += this.blocks.get(b).rows().rows();
      ends[b] = end;
    }
  }

  /**
   * A partition of consecutive rows.
   *
   * @param blocks its blocks in order
   * @param firstRow number of its first row
   */
  public PartitionRows(List<RowBlock> blocks, long firstRow) {
    this(numbered(blocks, firstRow));
  }

  private static List<RowBlock> numbered(List<RowBlock> blocks, long firstRow) {
    List<RowBlock> numbered = new ArrayList<>();
    long next = firstRow;
    for (RowBlock block : blocks) {
      numbered.add(block.startingAt(next));
      next += block.rows().rows();
    }
    return numbered;
  }

  /** Number of rows. */
  public long rows() {
    return ends.length == 0 ? 0 : ends[ends.length - 1];
  }

  /** The blocks, none of them empty. */
  public List<RowBlock> blocks() {
    return blocks;
  }

  /** Number, among the rows of all partitions, of a row of this partition. */
  public long number(int row) {
    int block = blockOf(row);
    return blocks.get(block).firstRow() + indexIn(block, row);
  }

  /**
   * Calls the consumer with this partition's rows of a batch, in tiles of at most {@code
   * buffer.capacity()} rows. A tile is valid only during the call. The order of tiles, and of rows
   * within them, depends only on the batch.
   */
  public void forEachTile(Batch batch, GatheredRows buffer, Consumer<RowBlock> consumer) {
    Consumer<RowBlock> seen =
        tile -> {
          beforeTile.run();
          consumer.accept(buffer.corrupt(tile, batch.noise(), Team.SOLO));
        };
    if (batch.isAll()) {
      forEachSlice(buffer, seen);
    } else if (rows() > 0) {
      forEachGathered(batch, buffer, seen);
    }
  }

  /** Slices large blocks, and copies small blocks together, since products of few rows are slow. */
  private void forEachSlice(GatheredRows buffer, Consumer<RowBlock> consumer) {
    boolean together = blocks.size() > 1;
    for (RowBlock block : blocks) {
      together &= block.rows().rows() < Math.min(SMALL_BLOCK_ROWS, buffer.capacity());
    }
    if (together) {
      forEachTogether(buffer, consumer);
      return;
    }
    for (RowBlock block : blocks) {
      int rows = block.rows().rows();
      for (int from = 0; from < rows; from += buffer.capacity()) {
        consumer.accept(block.slice(from, Math.min(from + buffer.capacity(), rows)));
      }
    }
  }

  private void forEachTogether(GatheredRows buffer, Consumer<RowBlock> consumer) {
    begin(buffer);
    for (RowBlock block : blocks) {
      for (int row = 0; row < block.rows().rows(); row++) {
        buffer.add(block, row);
        passOnIf(buffer.isFull(), buffer, consumer);
      }
    }
    passOnIf(!buffer.isEmpty(), buffer, consumer);
  }

  private void forEachGathered(Batch batch, GatheredRows buffer, Consumer<RowBlock> consumer) {
    begin(buffer);
    for (long position = batch.from(); position < batch.to(); position++) {
      long number = batch.order().rowAt(position);
      RowBlock block = blockWith(number);
      if (block != null) {
        buffer.add(block, (int) (number - block.firstRow()));
        passOnIf(buffer.isFull(), buffer, consumer);
      }
    }
    passOnIf(!buffer.isEmpty(), buffer, consumer);
  }

  private void passOnIf(boolean ready, GatheredRows buffer, Consumer<RowBlock> consumer) {
    if (ready) {
      consumer.accept(buffer.rows());
      begin(buffer);
    }
  }

  /**
   * Copies some of this partition's rows into a buffer; the result is valid until the next call.
   *
   * @param rows maps a position to a row of this partition, counted from 0
   * @param from first position
   * @param to one past the last position
   * @param noise corrupts the encoder's input; null for none
   */
  public RowBlock gather(
      IntUnaryOperator rows, int from, int to, Noise noise, GatheredRows buffer, Team team) {
    begin(buffer);
    fill(rows, from, to - from, buffer, team);
    return buffer.corrupt(buffer.rows(), noise, team);
  }

  private void fill(IntUnaryOperator rows, int from, int count, GatheredRows buffer, Team team) {
    if (isSparse()) {
      for (int slot = 0; slot < count; slot++) {
        int row = rows.applyAsInt(from + slot);
        int block = blockOf(row);
        buffer.add(blocks.get(block), indexIn(block, row));
      }
      return;
    }
    team.split(
        count,
        1,
        (member, first, last) -> {
          for (int slot = first; slot < last; slot++) {
            int row = rows.applyAsInt(from + slot);
            int block = blockOf(row);
            buffer.set(slot, blocks.get(block), indexIn(block, row));
          }
        });
    buffer.setFilled(count);
  }

  private void begin(GatheredRows buffer) {
    boolean weighted = blocks.stream().anyMatch(block -> block.weights() != null);
    buffer.begin(blocks.get(0).rows().columns(), isSparse(), weighted);
  }

  private boolean isSparse() {
    return blocks.stream().allMatch(block -> block.rows() instanceof SparseRows);
  }

  /** The block that has the row with a number; null if the row is not in this partition. */
  private RowBlock blockWith(long number) {
    int low = 0;
    int high = blocks.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      RowBlock block = blocks.get(middle);
      if (number < block.firstRow()) {
        high = middle - 1;
      } else if (number >= block.firstRow() + block.rows().rows()) {
        low = middle + 1;
      } else {
        return block;
      }
    }
    return null;
  }

  /** Index of the block that has a row of this partition. */
  private int blockOf(long row) {
    int found = Arrays.binarySearch(ends, row + 1);
    return found >= 0 ? found : -found - 1;
  }

  private int indexIn(int block, long row) {
    return (int) (row - (ends[block] - blocks.get(block).rows().rows()));
  }
}

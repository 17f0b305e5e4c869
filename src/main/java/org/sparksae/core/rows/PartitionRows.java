package org.sparksae.core.rows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
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

  private final List<StoredBlock> blocks;

  /** Number of this partition's rows up to the end of each block. */
  private final long[] ends;

  private final boolean sparse;
  private final boolean weighted;
  private final Runnable beforeTile;

  /**
   * A partition.
   *
   * @param blocks its blocks, by ascending row numbers
   */
  public PartitionRows(List<? extends StoredBlock> blocks) {
    // Empty blocks would have equal ends, which the search for a row's block cannot tell apart.
    this.blocks = blocks.stream().<StoredBlock>map(b -> b).filter(b -> b.size() > 0).toList();
    this.ends = ends(this.blocks);
    this.sparse = this.blocks.stream().allMatch(StoredBlock::isSparse);
    this.weighted = this.blocks.stream().anyMatch(StoredBlock::isWeighted);
    this.beforeTile = () -> {};
  }

  private PartitionRows(PartitionRows rows, Runnable beforeTile) {
    this.blocks = rows.blocks;
    this.ends = rows.ends;
    this.sparse = rows.sparse;
    this.weighted = rows.weighted;
    this.beforeTile = beforeTile;
  }

  private static long[] ends(List<StoredBlock> blocks) {
    long[] ends = new long[blocks.size()];
    long end = 0;
    for (int b = 0; b < ends.length; b++) {
      end += blocks.get(b).size();
      ends[b] = end;
    }
    return ends;
  }

  /**
   * Returns the same rows, with something to run before each tile of {@link #forEachTile}; an
   * exception from it ends the loop.
   */
  public PartitionRows before(Runnable tile) {
    return new PartitionRows(this, tile);
  }

  /**
   * A partition of consecutive rows.
   *
   * @param blocks its blocks in order
   * @param firstRow number of its first row
   */
  public PartitionRows(List<? extends StoredBlock> blocks, long firstRow) {
    this(numbered(blocks, firstRow));
  }

  private static List<StoredBlock> numbered(List<? extends StoredBlock> blocks, long firstRow) {
    List<StoredBlock> numbered = new ArrayList<>();
    long next = firstRow;
    for (StoredBlock block : blocks) {
      numbered.add(block.startingAt(next));
      next += block.size();
    }
    return numbered;
  }

  /** Number of rows. */
  public long rows() {
    return ends.length == 0 ? 0 : ends[ends.length - 1];
  }

  /** The blocks, none of them empty. */
  public List<StoredBlock> blocks() {
    return blocks;
  }

  /** Receives rows of this partition. */
  @FunctionalInterface
  interface NumberedRow {
    /** Receives a row, with its number among the rows of all partitions. */
    void accept(int row, long number);
  }

  /** Number of this partition's rows whose numbers are below {@code number}. */
  long rowsBefore(long number) {
    int found = firstEndingAfter(number);
    long before = found == 0 ? 0 : ends[found - 1];
    return found == blocks.size()
        ? before
        : before + Math.max(0, number - blocks.get(found).firstRow());
  }

  /** Passes on the rows whose numbers are {@code from} (inclusive) to {@code to} (exclusive). */
  void forEachIn(long from, long to, NumberedRow consumer) {
    forEachBlockIn(
        from,
        to,
        (block, first, last) -> {
          int base = (int) rowsBefore(block.firstRow());
          for (int row = first; row < last; row++) {
            consumer.accept(base + row, block.firstRow() + row);
          }
        });
  }

  /** Receives parts of this partition's blocks. */
  @FunctionalInterface
  interface BlockPart {
    /** Receives rows {@code from} (inclusive) to {@code to} (exclusive) of a block. */
    void accept(StoredBlock block, int from, int to);
  }

  /** Passes on, block by block, the rows whose numbers are {@code from} to {@code to}. */
  void forEachBlockIn(long from, long to, BlockPart consumer) {
    for (int b = firstEndingAfter(from); b < blocks.size(); b++) {
      StoredBlock block = blocks.get(b);
      if (block.firstRow() >= to) {
        return;
      }
      long end = Math.min(to, block.firstRow() + block.size());
      int first = (int) (Math.max(from, block.firstRow()) - block.firstRow());
      consumer.accept(block, first, (int) (end - block.firstRow()));
    }
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
          consumer.accept(buffer.asSeen(tile, batch.noise(), Team.SOLO));
        };
    if (batch.isAll()) {
      forEachSlice(batch.scale(), buffer, seen);
    } else if (rows() > 0) {
      forEachGathered(batch, buffer, seen);
    }
  }

  /** Cuts large blocks, and copies small blocks together, since products of few rows are slow. */
  private void forEachSlice(float scale, GatheredRows buffer, Consumer<RowBlock> consumer) {
    boolean together = blocks.size() > 1;
    for (StoredBlock block : blocks) {
      together &= block.size() < Math.min(SMALL_BLOCK_ROWS, buffer.capacity());
    }
    // Rows in arrays must not change, so they are scaled in a copy.
    if (together || scale != 1 && !blocks.isEmpty()) {
      forEachTogether(scale, buffer, consumer);
      return;
    }
    for (StoredBlock block : blocks) {
      int rows = block.size();
      for (int from = 0; from < rows; from += buffer.capacity()) {
        int to = Math.min(from + buffer.capacity(), rows);
        consumer.accept(block.tile(from, to, buffer));
      }
    }
  }

  private void forEachTogether(float scale, GatheredRows buffer, Consumer<RowBlock> consumer) {
    begin(buffer, scale);
    for (StoredBlock block : blocks) {
      int to;
      for (int from = 0; from < block.size(); from = to) {
        to = Math.min(block.size(), from + buffer.room());
        buffer.add(block, from, to);
        passOnIf(buffer.room() == 0, scale, buffer, consumer);
      }
    }
    passOnIf(!buffer.isEmpty(), scale, buffer, consumer);
  }

  private void forEachGathered(Batch batch, GatheredRows buffer, Consumer<RowBlock> consumer) {
    begin(buffer, batch.scale());
    for (long position = batch.from(); position < batch.to(); position++) {
      long number = batch.order().rowAt(position);
      StoredBlock block = blockWith(number);
      if (block != null) {
        int row = (int) (number - block.firstRow());
        buffer.add(block, row, row + 1);
        passOnIf(buffer.room() == 0, batch.scale(), buffer, consumer);
      }
    }
    passOnIf(!buffer.isEmpty(), batch.scale(), buffer, consumer);
  }

  private void passOnIf(
      boolean ready, float scale, GatheredRows buffer, Consumer<RowBlock> consumer) {
    if (ready) {
      consumer.accept(buffer.rows());
      begin(buffer, scale);
    }
  }

  /** Reads a row of this partition from disk, if it is there, so that copying it will not wait. */
  void load(int row) {
    int block = blockOf(row);
    int at = indexIn(block, row);
    blocks.get(block).load(at, at + 1);
  }

  /**
   * Copies some of this partition's rows into a buffer; the result is valid until the next call.
   *
   * @param rows maps a position to a row of this partition, counted from 0
   * @param from first position
   * @param to one past the last position
   * @param batch says their factor, and how the encoder's input is corrupted
   */
  public RowBlock gather(
      IntUnaryOperator rows, int from, int to, Batch batch, GatheredRows buffer, Team team) {
    begin(buffer, batch.scale());
    fill(rows, from, to - from, buffer, team);
    return buffer.asSeen(buffer.rows(), batch.noise(), team);
  }

  /**
   * Copies a row, if it is one of this partition, and returns whether it is.
   *
   * @param number of the row among the rows of all partitions
   * @param target gets its values, [columns]
   */
  public boolean copyRow(long number, float[] target) {
    StoredBlock block = blockWith(number);
    if (block == null) {
      return false;
    }
    int row = (int) (number - block.firstRow());
    block.copyRows(row, row + 1, target, 0);
    return true;
  }

  private void fill(IntUnaryOperator rows, int from, int count, GatheredRows buffer, Team team) {
    if (sparse) {
      for (int slot = 0; slot < count; slot++) {
        int row = rows.applyAsInt(from + slot);
        int block = blockOf(row);
        int at = indexIn(block, row);
        buffer.add(blocks.get(block), at, at + 1);
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

  private void begin(GatheredRows buffer, float scale) {
    buffer.begin(blocks.get(0).columns(), sparse, weighted, scale);
  }

  /** The block that has the row with a number; null if the row is not in this partition. */
  private StoredBlock blockWith(long number) {
    int found = firstEndingAfter(number);
    return found < blocks.size() && blocks.get(found).firstRow() <= number
        ? blocks.get(found)
        : null;
  }

  /** Index of the first block that ends after the row with a number. */
  private int firstEndingAfter(long number) {
    int low = 0;
    int high = blocks.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      StoredBlock block = blocks.get(middle);
      if (block.firstRow() + block.size() > number) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** Index of the block that has a row of this partition. */
  private int blockOf(long row) {
    int found = Arrays.binarySearch(ends, row + 1);
    return found >= 0 ? found : -found - 1;
  }

  private int indexIn(int block, long row) {
    return (int) (row - (ends[block] - blocks.get(block).size()));
  }
}

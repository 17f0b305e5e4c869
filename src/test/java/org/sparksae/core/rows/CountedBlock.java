package org.sparksae.core.rows;

import java.util.concurrent.atomic.AtomicLong;

/** A block that counts the rows that are copied from it. */
public final class CountedBlock implements StoredBlock {
  private final StoredBlock block;
  private final AtomicLong copied;

  /** Counts the rows of a block in {@code copied}. */
  public CountedBlock(StoredBlock block, AtomicLong copied) {
    this.block = block;
    this.copied = copied;
  }

  @Override
  public int size() {
    return block.size();
  }

  @Override
  public int columns() {
    return block.columns();
  }

  @Override
  public long firstRow() {
    return block.firstRow();
  }

  @Override
  public StoredBlock startingAt(long number) {
    return new CountedBlock(block.startingAt(number), copied);
  }

  @Override
  public boolean isSparse() {
    return block.isSparse();
  }

  @Override
  public boolean isWeighted() {
    return block.isWeighted();
  }

  @Override
  public float weight(int row) {
    return block.weight(row);
  }

  @Override
  public void copyRows(int from, int to, float[] target, int offset) {
    copied.addAndGet(to - from);
    block.copyRows(from, to, target, offset);
  }

  @Override
  public int entries(int from, int to) {
    return block.entries(from, to);
  }

  @Override
  public void copyEntries(int from, int to, float[] values, int[] indices, int offset) {
    copied.addAndGet(to - from);
    block.copyEntries(from, to, values, indices, offset);
  }

  @Override
  public void load(int from, int to) {
    block.load(from, to);
  }

  @Override
  public RowBlock tile(int from, int to, GatheredRows buffer) {
    copied.addAndGet(to - from);
    return block.tile(from, to, buffer);
  }
}

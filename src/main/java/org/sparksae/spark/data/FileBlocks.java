package org.sparksae.spark.data;

import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The file block from which each row was read, for operators that read rows ahead.
 *
 * <p>Spark computes {@code input_file_name()} and similar functions from the state of the task's
 * thread, which belongs to the row read last. So this class saves the state of each row when it is
 * read, and restores it when the row is passed on. Not thread-safe.
 */
public final class FileBlocks {
  private final Block[] ofRow;

  /** The thread's state when it was last checked. */
  private Block now = Block.ofThread();

  /**
   * The state that the source of the rows set last. It sets it once per block, not once per row.
   */
  private Block reading = now;

  /**
   * Makes an empty store.
   *
   * @param capacity maximum number of rows
   */
  public FileBlocks(int capacity) {
    this.ofRow = new Block[capacity];
  }

  /** Restores the source's own state. Must be called before rows are read. */
  public void beginReading() {
    look();
    show(reading);
  }

  /** Saves the state of a row that has just been read. */
  public void read(int row) {
    look();
    ofRow[row] = reading;
  }

  /** Sets the thread's state to that of a row. */
  public void give(int row) {
    look();
    show(ofRow[row]);
  }

  /** A state that this class did not set comes from the source, which another thread may read. */
  private void look() {
    if (!now.isOfThread()) {
      now = Block.ofThread();
      reading = now;
    }
  }

  private void show(Block block) {
    if (block != now) {
      block.show();
      now = block;
    }
  }

  /**
   * A file block. It keeps the object that names its file, so that most checks need not compare
   * names.
   */
  private static final class Block {
    private final long start;
    private final long length;
    private UTF8String path;

    private Block(UTF8String path, long start, long length) {
      this.path = path;
      this.start = start;
      this.length = length;
    }

    static Block ofThread() {
      return new Block(
          InputFileBlockHolder.getInputFilePath(),
          InputFileBlockHolder.getStartOffset(),
          InputFileBlockHolder.getLength());
    }

    /**
     * Compares by value, because another operator above this one may have set the same state again.
     */
    boolean isOfThread() {
      UTF8String current = InputFileBlockHolder.getInputFilePath();
      if (current == path) {
        return true;
      }
      boolean same =
          current.equals(path)
              && InputFileBlockHolder.getStartOffset() == start
              && InputFileBlockHolder.getLength() == length;
      path = same ? current : path;
      return same;
    }

    void show() {
      if (path.numBytes() == 0) {
        InputFileBlockHolder.unset();
      } else {
        InputFileBlockHolder.set(path.toString(), start, length);
      }
      path = InputFileBlockHolder.getInputFilePath();
    }
  }
}

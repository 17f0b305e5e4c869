package org.sparksae.spark.data;

import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Which block of which file each of some rows was read from, for whoever reads rows ahead.
 *
 * <p>Spark answers {@code input_file_name()} and its like from the state of the task's thread,
 * which tells of the row read last. So each row's state is noted when it is read, and is the
 * thread's again when the row is given on. Not thread-safe.
 */
public final class FileBlocks {
  private final Block[] ofRow;

  /** What the thread says, as far as was looked. */
  private Block now = Block.ofThread();

  /** What the source of the rows has said last, which says it once a block and not once a row. */
  private Block reading = now;

  /**
   * No rows yet.
   *
   * @param capacity rows at most
   */
  public FileBlocks(int capacity) {
    this.ofRow = new Block[capacity];
  }

  /** To be called before rows are read: the source goes on where it was. */
  public void beginReading() {
    look();
    show(reading);
  }

  /** Notes where a row is from that has just been read. */
  public void read(int row) {
    look();
    ofRow[row] = reading;
  }

  /** Makes the thread say where a row is from. */
  public void give(int row) {
    look();
    show(ofRow[row]);
  }

  /** What is not from here is from the source, which may be read by another thread. */
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

  /** A block; the object that names its file is kept, so that most looks need not read the name. */
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

    /** By value: another reader of rows, above this one, may have set the same again. */
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

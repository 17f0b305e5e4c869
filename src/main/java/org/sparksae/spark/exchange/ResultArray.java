package org.sparksae.spark.exchange;

import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.SparkEnv;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockResult;
import org.apache.spark.storage.RDDBlockId;
import org.apache.spark.storage.StorageLevel;
import org.sparksae.core.Text;
import org.sparksae.spark.job.LocalDisks;
import scala.Option;
import scala.collection.Iterator;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * A float array that a task returns to the driver.
 *
 * <p>A short array is a part of the task's result. A long one stays on the executor's disk, as
 * blocks of Spark's block manager, and the driver fetches it piece by piece. As a part of the
 * result it would be in memory several times on both sides, and would count against {@code
 * spark.driver.maxResultSize}.
 */
final class ResultArray implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Floats of a block: 64 MB. */
  private static final int PIECE = 1 << 24;

  /** Most blocks of an array, which has less than 2^31 floats. */
  private static final int PIECES = 1 << 7;

  /** Floats of the longest array within a result: 64 KB. */
  private static final int SHORT = 1 << 14;

  private final int length;
  private final int piece;
  private final int rdd;
  private final int number;
  private final BulkArray inside;

  private ResultArray(int length, int piece, int rdd, int number, BulkArray inside) {
    this.length = length;
    this.piece = piece;
    this.rdd = rdd;
    this.number = number;
    this.inside = inside;
  }

  /**
   * Returns an array, stored if it is long.
   *
   * @param rdd number of the RDD whose blocks it is to Spark; the driver removes them
   * @param number of the array among those of the RDD
   */
  static ResultArray of(float[] values, int rdd, int number) {
    return values.length <= SHORT
        ? new ResultArray(values.length, PIECE, rdd, number, new BulkArray(values))
        : stored(values, PIECE, rdd, number);
  }

  /** Returns the bytes of a task's result that an array of a length takes. */
  static long bytesInside(int length) {
    return length <= SHORT ? (long) Float.BYTES * length : 0;
  }

  /** Stores an array in blocks of {@code piece} floats. */
  static ResultArray stored(float[] values, int piece, int rdd, int number) {
    ResultArray array = new ResultArray(values.length, piece, rdd, number, null);
    for (int block = 0; block < array.blocks(); block++) {
      int from = block * piece;
      put(array.id(block), Arrays.copyOfRange(values, from, from + array.lengthOf(block)));
    }
    return array;
  }

  private static void put(RDDBlockId id, float[] values) {
    try {
      boolean stored =
          SparkEnv.get()
              .blockManager()
              .putSingle(id, new BulkArray(values), StorageLevel.DISK_ONLY(), true, tag());
      if (!stored) {
        throw new IllegalStateException(
            "the result of a round cannot be stored in spark.local.dir, as " + id);
      }
    } catch (Exception failed) {
      // The Scala method does not declare it.
      if (failed instanceof IOException cause) {
        long bytes = (long) Float.BYTES * values.length;
        String what = Text.format("a part of a round's result (%d bytes)", bytes);
        throw LocalDisks.cannotWrite(what, LocalDisks.all(), cause);
      }
      throw failed;
    }
  }

  private static ClassTag<BulkArray> tag() {
    return ClassTag$.MODULE$.apply(BulkArray.class);
  }

  private RDDBlockId id(int block) {
    return new RDDBlockId(rdd, Math.addExact(Math.multiplyExact(number, PIECES), block));
  }

  private int blocks() {
    return (int) (((long) length + piece - 1) / piece);
  }

  private int lengthOf(int block) {
    return Math.min(piece, length - block * piece);
  }

  /** Number of floats. */
  int length() {
    return length;
  }

  /**
   * Copies the values, on the driver.
   *
   * @param at index of {@code target} for the first value
   * @throws IllegalStateException if the executor that has them was lost
   */
  void copyTo(float[] target, int at) {
    if (inside != null) {
      System.arraycopy(inside.floats(), 0, target, at, length);
      return;
    }
    for (int block = 0; block < blocks(); block++) {
      float[] values = fetch(id(block));
      System.arraycopy(values, 0, target, at + block * piece, values.length);
    }
  }

  private static float[] fetch(RDDBlockId id) {
    BlockManager blocks = SparkEnv.get().blockManager();
    Option<BlockResult> found = blocks.get(id, tag());
    if (found.isEmpty()) {
      throw new IllegalStateException(
          "an executor was lost before the driver had fetched its result of the round, " + id);
    }
    Iterator<Object> values = found.get().data();
    BulkArray array = (BulkArray) values.next();
    // The block's lock is released at the end of its values.
    if (values.hasNext()) {
      throw new IllegalStateException("more than one value in block " + id);
    }
    return array.floats();
  }
}

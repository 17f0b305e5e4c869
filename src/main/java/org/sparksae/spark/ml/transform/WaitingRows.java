package org.sparksae.spark.ml.transform;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.StructType;

/**
 * Holds copies of a tile's rows, with all their columns, while the tile is encoded. The next tile
 * reuses the memory.
 *
 * <p>A tile is limited in rows and in bytes, because rows may hold much more than the input.
 */
final class WaitingRows {
  private static final long MAX_BYTES = 32L << 20;

  private final UnsafeProjection flat;
  private final UnsafeRow[] rows;
  private int count;
  private long bytes;

  WaitingRows(StructType schema, int capacity) {
    this.flat = UnsafeProjection.create(schema);
    this.rows = new UnsafeRow[capacity];
  }

  /** Number of rows. */
  int count() {
    return count;
  }

  boolean isFull() {
    return count == rows.length || bytes >= MAX_BYTES;
  }

  void clear() {
    count = 0;
    bytes = 0;
  }

  void add(InternalRow row) {
    UnsafeRow projected = flat.apply(row);
    if (rows[count] == null) {
      rows[count] = projected.copy();
    } else {
      rows[count].copyFrom(projected);
    }
    bytes += projected.getSizeInBytes();
    count++;
  }

  InternalRow get(int row) {
    return rows[row];
  }
}

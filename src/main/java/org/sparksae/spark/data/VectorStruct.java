package org.sparksae.spark.data;

import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.unsafe.Platform;

/**
 * Writes Vectors in Spark's internal form, the struct (type, size, indices, values). It reuses its
 * memory, so a result is valid until the next call. Not thread-safe.
 */
public final class VectorStruct {
  static final int FIELDS = 4;
  static final int TYPE = 0;
  static final int SIZE = 1;
  static final int INDICES = 2;
  static final int VALUES = 3;
  static final byte SPARSE = 0;
  static final byte DENSE = 1;

  private final int size;
  private final UnsafeArrayData indices = new UnsafeArrayData();
  private final UnsafeArrayData values = new UnsafeArrayData();
  private final GenericInternalRow struct = new GenericInternalRow(FIELDS);
  private long[] indexMemory = new long[0];
  private long[] valueMemory = new long[0];

  /** Prepares for Vectors of {@code size} values. */
  public VectorStruct(int size) {
    this.size = size;
    struct.update(VALUES, values);
  }

  /**
   * Returns a SparseVector.
   *
   * @param columns the columns of its values, ascending, [at least count]
   * @param entries its values, [at least count]
   */
  public InternalRow sparse(int[] columns, double[] entries, int count) {
    indexMemory = point(indices, indexMemory, count, Integer.BYTES);
    Platform.copyMemory(
        columns,
        Platform.INT_ARRAY_OFFSET,
        indexMemory,
        firstElement(indices),
        (long) Integer.BYTES * count);
    copyValues(entries, count);
    struct.update(TYPE, SPARSE);
    struct.update(SIZE, size);
    struct.update(INDICES, indices);
    return struct;
  }

  /** Returns a DenseVector of all values of a row of floats. */
  public InternalRow dense(float[] row, int offset) {
    valueMemory = point(values, valueMemory, size, Double.BYTES);
    long first = firstElement(values);
    for (int j = 0; j < size; j++) {
      Platform.putDouble(valueMemory, first + (long) Double.BYTES * j, row[offset + j]);
    }
    struct.update(TYPE, DENSE);
    struct.update(SIZE, null);
    struct.update(INDICES, null);
    return struct;
  }

  private void copyValues(double[] entries, int count) {
    valueMemory = point(values, valueMemory, count, Double.BYTES);
    Platform.copyMemory(
        entries,
        Platform.DOUBLE_ARRAY_OFFSET,
        valueMemory,
        firstElement(values),
        (long) Double.BYTES * count);
  }

  /**
   * Points an array of the given length, without nulls, to memory that grows if necessary; returns
   * the memory.
   */
  private static long[] point(UnsafeArrayData array, long[] memory, int count, int elementBytes) {
    int header = UnsafeArrayData.calculateHeaderPortionInBytes(count);
    int words = Math.toIntExact((header + (long) elementBytes * count + 7) / Long.BYTES);
    long[] used = words <= memory.length ? memory : new long[Math.max(words, 2 * memory.length)];
    used[words - 1] = 0; // Padding must be 0: equal arrays must have equal bytes.
    Arrays.fill(used, 0, header / Long.BYTES, 0);
    used[0] = count;
    array.pointTo(used, Platform.LONG_ARRAY_OFFSET, words * Long.BYTES);
    return used;
  }

  /** Offset of element 0. */
  static long firstElement(UnsafeArrayData array) {
    return array.getBaseOffset()
        + UnsafeArrayData.calculateHeaderPortionInBytes(array.numElements());
  }
}

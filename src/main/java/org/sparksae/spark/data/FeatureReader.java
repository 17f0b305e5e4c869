package org.sparksae.spark.data;

import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.unsafe.Platform;
import org.sparksae.core.Text;
import org.sparksae.core.rows.StoragePrecision;

/**
 * Reads a {@link FeatureColumn} from Spark's internal rows, without objects or boxing per element.
 */
public final class FeatureReader implements RowReader {
  private final FeatureColumn column;
  private final StoragePrecision precision;
  private final int ordinal;
  private final ArrayElements elements;
  private final boolean isVector;
  private ArrayData values;
  private ArrayData indices;
  private int size;

  /**
   * A reader.
   *
   * @param column the column
   * @param type the column's type, one that {@link FeatureColumn#check} accepts
   * @param ordinal the column's place in the rows
   */
  public FeatureReader(FeatureColumn column, DataType type, int ordinal) {
    this.column = column;
    this.precision = column.precision();
    this.ordinal = ordinal;
    this.elements = ArrayElements.of(type);
    this.isVector = !(type instanceof ArrayType);
  }

  @Override
  public String open(InternalRow row) {
    if (row.isNullAt(ordinal)) {
      size = 0;
      return "is null";
    }
    size = isVector ? openVector(row) : openArray(row);
    return size == column.size() ? null : column.problemOf(size);
  }

  @Override
  public boolean hasOtherSize() {
    return size > 0 && size != column.size();
  }

  private int openArray(InternalRow row) {
    indices = null;
    values = row.getArray(ordinal);
    return values.numElements();
  }

  private int openVector(InternalRow row) {
    InternalRow vector = row.getStruct(ordinal, VectorStruct.FIELDS);
    boolean sparse = vector.getByte(VectorStruct.TYPE) == VectorStruct.SPARSE;
    values = vector.getArray(VectorStruct.VALUES);
    indices = sparse ? vector.getArray(VectorStruct.INDICES) : null;
    return sparse ? vector.getInt(VectorStruct.SIZE) : values.numElements();
  }

  /** Whether the row is a SparseVector. */
  @Override
  public boolean isSparse() {
    return indices != null;
  }

  /** Number of values that the row stores; fewer than its size for a SparseVector. */
  @Override
  public int entries() {
    return values.numElements();
  }

  @Override
  public String read(float[] target, int offset) {
    if (isSparse()) {
      return scatter(target, offset);
    }
    int size = column.size();
    elements.copy(values, target, offset);
    return !hasNull() && precision.round(target, offset, size) ? null : describe();
  }

  private String scatter(float[] target, int offset) {
    Arrays.fill(target, offset, offset + column.size(), 0f);
    int entries = values.numElements();
    for (int k = 0; k < entries; k++) {
      float value = precision.round((float) values.getDouble(k));
      if (!Float.isFinite(value)) {
        return describe();
      }
      target[offset + indices.getInt(k)] = value;
    }
    return null;
  }

  @Override
  public int readEntries(float[] target, int[] columns, int offset) {
    int entries = values.numElements();
    int next = offset;
    for (int k = 0; k < entries; k++) {
      float value = precision.round((float) values.getDouble(k));
      if (!Float.isFinite(value)) {
        return -1;
      }
      if (value != 0f) {
        target[next] = value;
        columns[next++] = indices.getInt(k);
      }
    }
    return next - offset;
  }

  /**
   * Checks the null bits of 64 elements at a time. In arrays that are objects, a null was copied as
   * NaN.
   */
  private boolean hasNull() {
    if (!(values instanceof UnsafeArrayData unsafe)) {
      return false;
    }
    Object base = unsafe.getBaseObject();
    long end = VectorStruct.firstElement(unsafe);
    // The bits follow the number of elements.
    for (long at = unsafe.getBaseOffset() + Long.BYTES; at < end; at += Long.BYTES) {
      if (Platform.getLong(base, at) != 0) {
        return true;
      }
    }
    return false;
  }

  /** Describes the first element that is null or not a finite number of the precision. */
  @Override
  public String describe() {
    for (int k = 0; k < values.numElements(); k++) {
      if (values.isNullAt(k)) {
        return Text.format("has a null at index %d", k);
      }
      double value = elements.get(values, k);
      if (!Float.isFinite(precision.round((float) value))) {
        int index = isSparse() ? indices.getInt(k) : k;
        return Text.format("has %s at index %d, which is %s", value, index, problemOf(value));
      }
    }
    throw new IllegalStateException("every element is a finite float");
  }

  private static String problemOf(double value) {
    return Float.isFinite((float) value)
        ? Text.format(
            "beyond the largest bfloat16, %s: scale the column, or set storagePrecision to float32",
            StoragePrecision.MAX_BFLOAT16)
        : "not a finite float";
  }
}

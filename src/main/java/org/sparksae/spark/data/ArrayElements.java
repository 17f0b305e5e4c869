package org.sparksae.spark.data;

import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.unsafe.Platform;

/**
 * Reads arrays of numbers as floats, with a subclass for each element type. One call copies a row,
 * directly from Spark's memory if the array lies there, and without boxing (except for decimals).
 *
 * <p>A number is converted to double, then rounded to the nearest float. A null element becomes NaN
 * if the array is an object; if it lies in memory, the value is undefined and the array's null bits
 * must be checked.
 */
abstract class ArrayElements {
  private static final ArrayElements FLOATS = new Floats();
  private static final ArrayElements DOUBLES = new Doubles();
  private static final ArrayElements BYTES = new Bytes();
  private static final ArrayElements SHORTS = new Shorts();
  private static final ArrayElements INTS = new Ints();
  private static final ArrayElements LONGS = new Longs();

  /**
   * Returns the reader for a column: for an array by its element type (null if it cannot be read),
   * otherwise for doubles, as in a Vector.
   */
  static ArrayElements of(DataType type) {
    return type instanceof ArrayType array ? ofElements(array.elementType()) : DOUBLES;
  }

  /** Whether arrays of such elements can be read. */
  static boolean isReadable(DataType element) {
    return ofElements(element) != null;
  }

  private static ArrayElements ofElements(DataType element) {
    if (element instanceof FloatType) {
      return FLOATS;
    } else if (element instanceof DoubleType) {
      return DOUBLES;
    } else if (element instanceof ByteType) {
      return BYTES;
    } else if (element instanceof ShortType) {
      return SHORTS;
    } else if (element instanceof IntegerType) {
      return INTS;
    } else if (element instanceof LongType) {
      return LONGS;
    }
    return element instanceof DecimalType decimal
        ? new Decimals(decimal.precision(), decimal.scale())
        : null;
  }

  /** Copies all elements as floats to {@code target}, from {@code offset} on. */
  final void copy(ArrayData values, float[] target, int offset) {
    int n = values.numElements();
    if (values instanceof UnsafeArrayData unsafe && isMemory()) {
      copyMemory(unsafe.getBaseObject(), VectorStruct.firstElement(unsafe), target, offset, n);
      return;
    }
    for (int j = 0; j < n; j++) {
      target[offset + j] = values.isNullAt(j) ? Float.NaN : (float) get(values, j);
    }
  }

  /** Returns an element that is not null. */
  abstract double get(ArrayData values, int index);

  /** Whether an array in memory holds the numbers consecutively. */
  boolean isMemory() {
    return true;
  }

  /** Copies n elements from an address on. */
  abstract void copyMemory(Object base, long first, float[] target, int offset, int n);

  private static final class Floats extends ArrayElements {
    @Override
    double get(ArrayData values, int index) {
      return values.getFloat(index);
    }

    @Override
    void copyMemory(Object base, long first, float[] target, int offset, int n) {
      long to = Platform.FLOAT_ARRAY_OFFSET + (long) Float.BYTES * offset;
      Platform.copyMemory(base, first, target, to, (long) Float.BYTES * n);
    }
  }

  private static final class Doubles extends ArrayElements {
    @Override
    double get(ArrayData values, int index) {
      return values.getDouble(index);
    }

    @Override
    void copyMemory(Object base, long first, float[] target, int offset, int n) {
      for (int j = 0; j < n; j++) {
        target[offset + j] = (float) Platform.getDouble(base, first + (long) Double.BYTES * j);
      }
    }
  }

  private static final class Bytes extends ArrayElements {
    @Override
    double get(ArrayData values, int index) {
      return values.getByte(index);
    }

    @Override
    void copyMemory(Object base, long first, float[] target, int offset, int n) {
      for (int j = 0; j < n; j++) {
        target[offset + j] = Platform.getByte(base, first + j);
      }
    }
  }

  private static final class Shorts extends ArrayElements {
    @Override
    double get(ArrayData values, int index) {
      return values.getShort(index);
    }

    @Override
    void copyMemory(Object base, long first, float[] target, int offset, int n) {
      for (int j = 0; j < n; j++) {
        target[offset + j] = Platform.getShort(base, first + (long) Short.BYTES * j);
      }
    }
  }

  private static final class Ints extends ArrayElements {
    @Override
    double get(ArrayData values, int index) {
      return values.getInt(index);
    }

    @Override
    void copyMemory(Object base, long first, float[] target, int offset, int n) {
      for (int j = 0; j < n; j++) {
        target[offset + j] = Platform.getInt(base, first + (long) Integer.BYTES * j);
      }
    }
  }

  private static final class Longs extends ArrayElements {
    @Override
    double get(ArrayData values, int index) {
      return values.getLong(index);
    }

    /** Converts through double, as a cast to array&lt;double&gt; would. */
    @Override
    void copyMemory(Object base, long first, float[] target, int offset, int n) {
      for (int j = 0; j < n; j++) {
        target[offset + j] = (float) (double) Platform.getLong(base, first + (long) Long.BYTES * j);
      }
    }
  }

  private static final class Decimals extends ArrayElements {
    private final int precision;
    private final int scale;

    Decimals(int precision, int scale) {
      this.precision = precision;
      this.scale = scale;
    }

    @Override
    double get(ArrayData values, int index) {
      return values.getDecimal(index, precision, scale).toDouble();
    }

    @Override
    boolean isMemory() {
      return false;
    }

    @Override
    void copyMemory(Object base, long first, float[] target, int offset, int n) {
      throw new IllegalStateException("decimals are objects");
    }
  }
}

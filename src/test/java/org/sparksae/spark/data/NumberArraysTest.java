package org.sparksae.spark.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.execution.vectorized.OffHeapColumnVector;
import org.apache.spark.sql.execution.vectorized.OnHeapColumnVector;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Arrays of every type of number, in each of the forms in which Spark's operators give them. */
class NumberArraysTest {
  private static final int SIZE = 67;

  /** The types; each holds the numbers -33 to 33. */
  enum Numbers {
    BYTES(DataTypes.ByteType) {
      @Override
      Object boxed(int value) {
        return (byte) value;
      }

      @Override
      void put(WritableColumnVector vector, int row, int value) {
        vector.putByte(row, (byte) value);
      }
    },
    SHORTS(DataTypes.ShortType) {
      @Override
      Object boxed(int value) {
        return (short) value;
      }

      @Override
      void put(WritableColumnVector vector, int row, int value) {
        vector.putShort(row, (short) value);
      }
    },
    INTS(DataTypes.IntegerType) {
      @Override
      Object boxed(int value) {
        return value;
      }

      @Override
      void put(WritableColumnVector vector, int row, int value) {
        vector.putInt(row, value);
      }
    },
    LONGS(DataTypes.LongType) {
      @Override
      Object boxed(int value) {
        return (long) value;
      }

      @Override
      void put(WritableColumnVector vector, int row, int value) {
        vector.putLong(row, value);
      }
    },
    FLOATS(DataTypes.FloatType) {
      @Override
      Object boxed(int value) {
        return (float) value;
      }

      @Override
      void put(WritableColumnVector vector, int row, int value) {
        vector.putFloat(row, value);
      }
    },
    DOUBLES(DataTypes.DoubleType) {
      @Override
      Object boxed(int value) {
        return (double) value;
      }

      @Override
      void put(WritableColumnVector vector, int row, int value) {
        vector.putDouble(row, value);
      }
    },
    DECIMALS_OF_LONGS(new DecimalType(9, 2)) {
      @Override
      Object boxed(int value) {
        return Decimal.apply(new BigDecimal(value + ".00"), 9, 2);
      }

      @Override
      void put(WritableColumnVector vector, int row, int value) {
        vector.putDecimal(row, (Decimal) boxed(value), 9);
      }
    },
    DECIMALS_OF_BYTES(new DecimalType(30, 5)) {
      @Override
      Object boxed(int value) {
        return Decimal.apply(new BigDecimal(value + ".00000"), 30, 5);
      }

      @Override
      void put(WritableColumnVector vector, int row, int value) {
        vector.putDecimal(row, (Decimal) boxed(value), 30);
      }
    };

    private final DataType element;

    Numbers(DataType element) {
      this.element = element;
    }

    abstract Object boxed(int value);

    abstract void put(WritableColumnVector vector, int row, int value);

    /** The elements as objects. */
    GenericArrayData objects(int nullAt) {
      Object[] values = IntStream.range(0, SIZE).mapToObj(j -> boxed(j - 33)).toArray();
      if (nullAt >= 0) {
        values[nullAt] = null;
      }
      return new GenericArrayData(values);
    }

    DataType type(boolean containsNull) {
      return DataTypes.createArrayType(element, containsNull);
    }

    /** The elements as a part of a column's memory, as a reader of Parquet files gives it. */
    ArrayData slice(WritableColumnVector vector, int nullAt) {
      for (int j = 0; j < SIZE; j++) {
        if (j == nullAt) {
          vector.putNull(5 + j);
        } else {
          put(vector, 5 + j, j - 33);
        }
      }
      return new ColumnarArray(vector, 5, SIZE);
    }
  }

  private static InternalRow row(ArrayData values) {
    return new GenericInternalRow(new Object[] {values});
  }

  /** Spark's memory format. */
  private static InternalRow memory(DataType type, ArrayData values) {
    return UnsafeProjection.create(new DataType[] {type}).apply(row(values));
  }

  private static String read(DataType type, InternalRow row, float[] target, int offset) {
    FeatureReader reader = new FeatureReader(FeatureColumn.ofSize("f", SIZE), type, 0);
    assertNull(reader.open(row));
    return reader.read(target, offset);
  }

  private static void assertReads(DataType type, InternalRow row) {
    float[] expected = new float[SIZE + 4];
    Arrays.fill(expected, -1000);
    float[] target = expected.clone();
    for (int j = 0; j < SIZE; j++) {
      expected[2 + j] = j - 33;
    }
    assertNull(read(type, row, target, 2));
    assertArrayEquals(expected, target);
  }

  @ParameterizedTest
  @EnumSource
  void everyTypeIsReadInEveryForm(Numbers numbers) {
    for (boolean containsNull : new boolean[] {false, true}) {
      DataType type = numbers.type(containsNull);
      assertReads(type, row(numbers.objects(-1)));
      assertReads(type, memory(type, numbers.objects(-1)));
      try (WritableColumnVector heap = new OnHeapColumnVector(SIZE + 9, numbers.element);
          WritableColumnVector outside = new OffHeapColumnVector(SIZE + 9, numbers.element)) {
        for (WritableColumnVector vector : new WritableColumnVector[] {heap, outside}) {
          ArrayData slice = numbers.slice(vector, -1);
          assertReads(type, row(slice));
          assertReads(type, memory(type, slice));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNullElementIsFoundInEveryForm(Numbers numbers) {
    DataType type = numbers.type(true);
    for (int at : new int[] {0, 1, 63, 64, 66}) {
      String expected = "has a null at index " + at;
      float[] target = new float[SIZE];
      assertEquals(expected, read(type, row(numbers.objects(at)), target, 0));
      assertEquals(expected, read(type, memory(type, numbers.objects(at)), target, 0));
      try (WritableColumnVector heap = new OnHeapColumnVector(SIZE + 9, numbers.element);
          WritableColumnVector outside = new OffHeapColumnVector(SIZE + 9, numbers.element)) {
        for (WritableColumnVector vector : new WritableColumnVector[] {heap, outside}) {
          assertEquals(expected, read(type, row(numbers.slice(vector, at)), target, 0));
        }
      }
    }
  }
}

package org.sparksae.spark.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.rows.StoragePrecision;

/** Every form of a value: Spark's memory format, and the generic one that some operators give. */
class FeatureReaderTest {
  private static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType, true);
  private static final DataType DOUBLES = DataTypes.createArrayType(DataTypes.DoubleType, true);

  private static InternalRow row(Object value) {
    return new GenericInternalRow(new Object[] {"other", value});
  }

  private static InternalRow unsafe(DataType type, Object value) {
    UnsafeProjection flat = UnsafeProjection.create(new DataType[] {DataTypes.ByteType, type});
    return flat.apply(new GenericInternalRow(new Object[] {(byte) 1, value}));
  }

  private static String read(DataType type, InternalRow row, float[] target, int offset) {
    int size = target.length - 2 * offset;
    FeatureReader reader = new FeatureReader(FeatureColumn.ofSize("f", size), type, 1);
    String problem = reader.open(row);
    return problem == null ? reader.read(target, offset) : problem;
  }

  /** Around a word of the null bits, and around the four at a time of the check. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 63, 64, 65, 128, 130})
  void everyFormGivesTheSameFloats(int size) {
    double[] doubles =
        IntStream.range(0, size).mapToDouble(j -> j % 3 == 0 ? 0 : j / 8.0).toArray();
    float[] floats = new float[size];
    for (int j = 0; j < size; j++) {
      floats[j] = (float) doubles[j];
    }
    VectorUDT udt = new VectorUDT();
    InternalRow dense = udt.serialize(Vectors.dense(doubles));
    InternalRow sparse = udt.serialize(Vectors.dense(doubles).toSparse());
    Object boxedFloats = new GenericArrayData(boxed(floats));
    Object boxedDoubles = new GenericArrayData(Arrays.stream(doubles).boxed().toArray());
    DataType vector = SQLDataTypes.VectorType();
    assertReads(floats, FLOATS, row(UnsafeArrayData.fromPrimitiveArray(floats)));
    assertReads(floats, FLOATS, row(boxedFloats));
    assertReads(floats, FLOATS, unsafe(FLOATS, boxedFloats));
    assertReads(floats, DOUBLES, row(UnsafeArrayData.fromPrimitiveArray(doubles)));
    assertReads(floats, DOUBLES, row(boxedDoubles));
    assertReads(floats, DOUBLES, unsafe(DOUBLES, boxedDoubles));
    assertReads(floats, vector, row(dense));
    assertReads(floats, vector, unsafe(vector, dense));
    assertReads(floats, vector, row(sparse));
    assertReads(floats, vector, unsafe(vector, sparse));
  }

  private static Object[] boxed(float[] values) {
    Object[] boxed = new Object[values.length];
    for (int j = 0; j < boxed.length; j++) {
      boxed[j] = values[j];
    }
    return boxed;
  }

  private static void assertReads(float[] expected, DataType type, InternalRow row) {
    float[] target = new float[expected.length + 6];
    Arrays.fill(target, -1);
    assertNull(read(type, row, target, 3));
    assertArrayEquals(expected, Arrays.copyOfRange(target, 3, 3 + expected.length));
    for (int edge : new int[] {2, 3 + expected.length}) {
      assertEquals(-1, target[edge], "written outside of the row");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 62, 63, 64, 65, 66})
  void aNullIsFoundWhereverItIs(int index) {
    for (DataType type : new DataType[] {FLOATS, DOUBLES}) {
      Object[] values = new Object[67];
      Arrays.fill(values, type.equals(FLOATS) ? (Object) 1f : (Object) 1.0);
      values[index] = null;
      Object array = new GenericArrayData(values);
      String expected = "has a null at index " + index;
      assertEquals(expected, read(type, row(array), new float[67], 0));
      assertEquals(expected, read(type, unsafe(type, array), new float[67], 0));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 7, 8, 9, 10})
  void whatIsNotFiniteIsFoundWhereverItIs(int index) {
    for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY}) {
      float[] values = new float[11];
      values[index] = bad;
      String expected = "has %s at index %d, which is not a finite float".formatted(bad, index);
      InternalRow row = row(UnsafeArrayData.fromPrimitiveArray(values));
      assertEquals(expected, read(FLOATS, row, new float[11], 0));
    }
  }

  @Test
  void theFirstProblemOfARowIsNamed() {
    Object[] values = {0f, Float.NaN, null, Float.POSITIVE_INFINITY};
    InternalRow row = unsafe(FLOATS, new GenericArrayData(values));
    assertEquals(
        "has NaN at index 1, which is not a finite float", read(FLOATS, row, new float[4], 0));
  }

  @Test
  void writtenVectorsAreThoseOfSparkToTheByte() {
    VectorUDT udt = new VectorUDT();
    VectorStruct struct = new VectorStruct(70);
    float[] row = new float[72];
    int[] columns = new int[70];
    double[] values = new double[70];
    // Up and down: the previous content of the memory must not show.
    for (int count : new int[] {70, 3, 0, 65, 64, 1}) {
      Arrays.fill(row, 0);
      for (int k = 0; k < count; k++) {
        columns[k] = k;
        values[k] = k + 0.5;
        row[1 + k] = k + 0.5f;
      }
      Vector sparse =
          Vectors.sparse(70, Arrays.copyOf(columns, count), Arrays.copyOf(values, count));
      InternalRow written = struct.sparse(columns, values, count);
      assertEquals(sparse, udt.deserialize(written));
      assertEquals(bytes(udt.serialize(sparse)), bytes(written));
      InternalRow dense = struct.dense(row, 1);
      assertEquals(sparse.toDense(), udt.deserialize(dense));
      assertEquals(bytes(udt.serialize(sparse.toDense())), bytes(dense));
    }
  }

  private static InternalRow bytes(InternalRow vector) {
    return unsafe(SQLDataTypes.VectorType(), vector).copy();
  }

  /** In all forms: values are rounded, and what would become infinite is refused. */
  @Test
  void valuesAreRoundedToThePrecisionOfTheColumn() {
    float[] values = {1.001f, 0f, Float.MIN_VALUE, -0x1.FEFFFEp127f};
    double[] doubles = {1.001f, 0, Float.MIN_VALUE, -0x1.FEFFFEp127f};
    double[] tooLarge = {0, 0, 1, Float.MAX_VALUE};
    float[] expected = {1f, 0f, 0f, -StoragePrecision.MAX_BFLOAT16};
    String problem =
        "has 3.4028234663852886E38 at index 3, which is beyond the largest bfloat16, 3.3895314E38: scale the column, or set storagePrecision to float32";
    VectorUDT udt = new VectorUDT();
    DataType vector = SQLDataTypes.VectorType();
    FeatureColumn column = FeatureColumn.ofSize("f", 4).roundedTo(StoragePrecision.BFLOAT16);
    float[] target = new float[4];
    for (boolean sparse : new boolean[] {false, true}) {
      Vector row = sparse ? Vectors.dense(doubles).toSparse() : Vectors.dense(doubles);
      Vector bad = sparse ? Vectors.dense(tooLarge).toSparse() : Vectors.dense(tooLarge);
      FeatureReader reader = new FeatureReader(column, vector, 1);
      assertNull(reader.open(row(udt.serialize(row))));
      assertNull(reader.read(target, 0));
      assertArrayEquals(expected, target);
      assertNull(reader.open(row(udt.serialize(bad))));
      assertEquals(problem, reader.read(target, 0));
    }
    FeatureReader reader = new FeatureReader(column, FLOATS, 1);
    assertNull(reader.open(row(UnsafeArrayData.fromPrimitiveArray(values))));
    assertNull(reader.read(target, 0));
    assertArrayEquals(expected, target);
    // A SparseVector keeps no value that has become 0.
    FeatureReader entries = new FeatureReader(column, vector, 1);
    assertNull(entries.open(row(udt.serialize(Vectors.dense(doubles).toSparse()))));
    int[] columns = new int[4];
    assertEquals(2, entries.readEntries(target, columns, 0));
    assertEquals(3, columns[1]);
  }
}

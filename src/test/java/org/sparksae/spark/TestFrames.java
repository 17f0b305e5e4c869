package org.sparksae.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import scala.Function1;

/** Rows of test data, and DataFrames with exactly the partitions asked for. */
public final class TestFrames {
  /** Name of the input column. */
  public static final String FEATURES = "features";

  private TestFrames() {}

  /** The forms that an input column can have. */
  public enum InputType {
    DENSE_VECTOR(SQLDataTypes.VectorType(), row -> Vectors.dense(doubles(row))),
    SPARSE_VECTOR(SQLDataTypes.VectorType(), row -> Vectors.dense(doubles(row)).toSparse()),
    FLOATS(DataTypes.createArrayType(DataTypes.FloatType, false), TestFrames::boxed),
    NULLABLE_FLOATS(DataTypes.createArrayType(DataTypes.FloatType, true), TestFrames::boxed),
    DOUBLES(DataTypes.createArrayType(DataTypes.DoubleType, false), TestFrames::doubles),
    NULLABLE_DOUBLES(DataTypes.createArrayType(DataTypes.DoubleType, true), TestFrames::doubles);

    private final DataType type;
    private final transient Function<float[], Object> form;

    InputType(DataType type, Function<float[], Object> form) {
      this.type = type;
      this.form = form;
    }

    /** The column's type. */
    public DataType type() {
      return type;
    }

    /** What a column whose rows all have one size says of itself, as MLlib's own vectors do. */
    public Metadata metadata(int... sizes) {
      return type.equals(SQLDataTypes.VectorType()) && sizes.length == 1
          ? new AttributeGroup(FEATURES, sizes[0]).toMetadata()
          : Metadata.empty();
    }

    /** A row in this form. */
    public Object form(float[] row) {
      return form.apply(row);
    }
  }

  /**
   * Rows with structure to learn, [n, d]: two smooth patterns in varying strength and a little
   * noise, all in (0.1, 0.9); about a third of the values are exactly 0, for the sparse forms.
   */
  public static float[][] rows(int n, int d, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[][] rows = new float[n][d];
    for (float[] row : rows) {
      double a = random.nextDouble();
      double b = random.nextDouble();
      for (int j = 0; j < d; j++) {
        double wave = a * Math.sin(0.7 * j) + b * Math.cos(1.3 * j);
        row[j] = (float) (0.5 + 0.19 * wave + 0.01 * random.nextDouble(-1, 1));
        if (j % 3 == 0) {
          row[j] = 0f;
        }
      }
    }
    return rows;
  }

  /** A frame with a dense vector column, in as many even partitions as asked for. */
  public static Dataset<Row> frame(float[][] rows, int partitions) {
    return frame(InputType.DENSE_VECTOR, split(rows, partitions));
  }

  /** A frame with one column of a type, in the given partitions. */
  public static Dataset<Row> frame(InputType type, List<float[][]> partitions) {
    return frame(LocalSpark.session(), type, partitions);
  }

  /**
   * A frame with one column of a type, in the given partitions of a session. If it has vectors of
   * one size, it says so, and no fit needs a query for that.
   */
  public static Dataset<Row> frame(SparkSession spark, InputType type, List<float[][]> partitions) {
    int[] sizes =
        partitions.stream()
            .flatMap(part -> Arrays.stream(part))
            .mapToInt(row -> row.length)
            .distinct()
            .toArray();
    List<List<Row>> values = new ArrayList<>();
    for (float[][] rows : partitions) {
      values.add(Arrays.stream(rows).map(row -> RowFactory.create(type.form(row))).toList());
    }
    StructType schema = new StructType().add(FEATURES, type.type(), true, type.metadata(sizes));
    return frame(spark, schema, values);
  }

  /** A frame of any rows, in the given partitions. */
  public static Dataset<Row> frame(StructType schema, List<List<Row>> partitions) {
    SparkSession spark = LocalSpark.session();
    return frame(spark, schema, partitions);
  }

  /**
   * A frame of any rows, in the given partitions, of a session.
   *
   * <p>The rows are in Spark's internal form already: {@code createDataFrame} would send a row
   * encoder along with every task of every job, which takes longer than the task's work.
   */
  public static Dataset<Row> frame(
      SparkSession spark, StructType schema, List<List<Row>> partitions) {
    List<ArrayList<InternalRow>> lists =
        partitions.stream().map(rows -> internal(schema, rows)).toList();
    JavaRDD<InternalRow> rdd =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(lists, lists.size())
            .flatMap(List::iterator);
    return ofInternal(spark, rdd, schema);
  }

  private static ArrayList<InternalRow> internal(StructType schema, List<Row> rows) {
    Function1<Object, Object> converter = CatalystTypeConverters.createToCatalystConverter(schema);
    UnsafeProjection projection = UnsafeProjection.create(schema);
    ArrayList<InternalRow> internal = new ArrayList<>();
    for (Row row : rows) {
      internal.add(projection.apply((InternalRow) converter.apply(row)).copy());
    }
    return internal;
  }

  /** Calls a method whose class is another one since Spark 4. */
  @SuppressWarnings("unchecked")
  private static Dataset<Row> ofInternal(
      SparkSession spark, JavaRDD<InternalRow> rows, StructType schema) {
    try {
      return (Dataset<Row>)
          spark
              .getClass()
              .getMethod("internalCreateDataFrame", RDD.class, StructType.class, boolean.class)
              .invoke(spark, rows.rdd(), schema, false);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Neighbouring rows in even partitions. */
  public static List<float[][]> split(float[][] rows, int partitions) {
    int[] sizes = new int[partitions];
    for (int p = 0; p < partitions; p++) {
      sizes[p] = rows.length * (p + 1) / partitions - rows.length * p / partitions;
    }
    return splitBySize(rows, sizes);
  }

  /** Neighbouring rows in partitions of the given sizes; the sizes sum to the number of rows. */
  public static List<float[][]> splitBySize(float[][] rows, int... sizes) {
    List<float[][]> parts = new ArrayList<>();
    int from = 0;
    for (int size : sizes) {
      parts.add(Arrays.copyOfRange(rows, from, from + size));
      from += size;
    }
    if (from != rows.length) {
      throw new IllegalArgumentException(
          "sizes must sum to %d, got %d".formatted(rows.length, from));
    }
    return parts;
  }

  /** The values as doubles. */
  public static double[] doubles(float[] row) {
    double[] values = new double[row.length];
    for (int j = 0; j < row.length; j++) {
      values[j] = row[j];
    }
    return values;
  }

  private static Float[] boxed(float[] row) {
    Float[] values = new Float[row.length];
    for (int j = 0; j < row.length; j++) {
      values[j] = row[j];
    }
    return values;
  }
}

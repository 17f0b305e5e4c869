package org.sparksae.spark.data;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.collection.Seq;

/**
 * The input column: a Vector (dense or sparse), an array&lt;float&gt; or an array&lt;double&gt; of
 * any nullability, read as floats.
 *
 * <p>A row is valid if it is not null, has the column's size, and holds only finite numbers that
 * fit a float.
 */
public final class FeatureColumn implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final int size;

  private FeatureColumn(String name, int size) {
    this.name = name;
    this.size = size;
  }

  /**
   * Checks that a schema has the column, with a type that can be read.
   *
   * @param param the Param that names the column, for the message
   * @throws IllegalArgumentException if the column is missing or of another type
   */
  public static StructField check(StructType schema, String param, String name) {
    if (!Arrays.asList(schema.fieldNames()).contains(name)) {
      throw new IllegalArgumentException(
          "%s: there is no column '%s'; the columns are %s"
              .formatted(param, name, String.join(", ", schema.fieldNames())));
    }
    StructField field = schema.apply(name);
    if (!isReadable(field.dataType())) {
      throw new IllegalArgumentException(
          "%s: column '%s' must be a Vector, array<float> or array<double>, but it is %s"
              .formatted(param, name, field.dataType().catalogString()));
    }
    return field;
  }

  private static boolean isReadable(DataType type) {
    if (type instanceof ArrayType array) {
      DataType element = array.elementType();
      return element.equals(DataTypes.FloatType) || element.equals(DataTypes.DoubleType);
    }
    return type.equals(SQLDataTypes.VectorType());
  }

  /** A column whose rows have {@code size} values. */
  public static FeatureColumn ofSize(String name, int size) {
    return new FeatureColumn(name, size);
  }

  /**
   * The column of a dataset; its size is that of the column's attributes if it has any, else of the
   * first row that is not null.
   *
   * @param param the Param that names the column, for messages
   * @throws IllegalArgumentException if the column cannot be read, or there is no row to tell its
   *     size
   */
  public static FeatureColumn of(Dataset<?> dataset, String param, String name) {
    StructField field = check(dataset.schema(), param, name);
    int size = attributeSize(field);
    if (size <= 0) {
      Dataset<Row> known = dataset.select(functions.col(quote(name))).na().drop();
      Row[] first = (Row[]) known.head(1);
      if (first.length == 0) {
        throw new IllegalArgumentException(
            "%s: column '%s' has no row that is not null; training needs at least one"
                .formatted(param, name));
      }
      size = sizeOf(first[0].get(0));
    }
    if (size < 1) {
      throw new IllegalArgumentException(
          "%s: the rows of column '%s' must have at least 1 value, but the first has none"
              .formatted(param, name));
    }
    return new FeatureColumn(name, size);
  }

  /** The size that a column's attributes tell, or -1. */
  public static int attributeSize(StructField field) {
    return field.dataType() instanceof ArrayType
        ? -1
        : AttributeGroup.fromStructField(field).size();
  }

  /** A column name that may hold dots, as an expression. */
  public static String quote(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  /** The column's name. */
  public String name() {
    return name;
  }

  /** Values of a row. */
  public int size() {
    return size;
  }

  /**
   * Copies a value of the column to floats.
   *
   * @param value what {@link Row#get} gives for the column
   * @param target gets {@link #size()} floats from {@code offset} on; undefined if the row is not
   *     valid
   * @return what is wrong with the row, or null if it is valid
   */
  public String read(Object value, float[] target, int offset) {
    if (value == null) {
      return "is null";
    }
    if (sizeOf(value) != size) {
      return "has %d values, expected %d".formatted(sizeOf(value), size);
    }
    if (value instanceof DenseVector dense) {
      return copy(dense.values(), target, offset);
    }
    if (value instanceof SparseVector sparse) {
      return scatter(sparse, target, offset);
    }
    return copy((Seq<?>) value, target, offset);
  }

  private static int sizeOf(Object value) {
    return value instanceof Vector vector ? vector.size() : ((Seq<?>) value).length();
  }

  private static String copy(double[] values, float[] target, int offset) {
    for (int j = 0; j < values.length; j++) {
      target[offset + j] = (float) values[j];
      if (!Float.isFinite(target[offset + j])) {
        return notFinite(j, values[j]);
      }
    }
    return null;
  }

  private String scatter(SparseVector vector, float[] target, int offset) {
    Arrays.fill(target, offset, offset + size, 0f);
    int[] indices = vector.indices();
    double[] values = vector.values();
    for (int k = 0; k < indices.length; k++) {
      target[offset + indices[k]] = (float) values[k];
      if (!Float.isFinite(target[offset + indices[k]])) {
        return notFinite(indices[k], values[k]);
      }
    }
    return null;
  }

  private static String copy(Seq<?> values, float[] target, int offset) {
    for (int j = 0; j < values.length(); j++) {
      Object element = values.apply(j);
      if (element == null) {
        return "has a null at index %d".formatted(j);
      }
      double number = ((Number) element).doubleValue();
      target[offset + j] = (float) number;
      if (!Float.isFinite(target[offset + j])) {
        return notFinite(j, number);
      }
    }
    return null;
  }

  private static String notFinite(int index, double value) {
    return "has %s at index %d, which is not a finite float".formatted(value, index);
  }
}

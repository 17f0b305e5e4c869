package org.sparksae.spark.data;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
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
 * any nullability; a {@link FeatureReader} reads it as floats.
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
    StructField field = require(schema, param, name);
    if (!isReadable(field.dataType())) {
      throw new IllegalArgumentException(
          "%s: column '%s' must be a Vector, array<float> or array<double>, but it is %s%s"
              .formatted(
                  param,
                  name,
                  field.dataType().catalogString(),
                  ImageColumn.isReadable(field.dataType())
                      ? "; put an ImageVectorizer before this stage, which makes Vectors of images"
                      : ""));
    }
    return field;
  }

  /** The column of that name, whatever its type. */
  public static StructField require(StructType schema, String param, String name) {
    if (!Arrays.asList(schema.fieldNames()).contains(name)) {
      throw new IllegalArgumentException(
          "%s: there is no column '%s'; the columns are %s"
              .formatted(param, name, String.join(", ", schema.fieldNames())));
    }
    return schema.apply(name);
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
    String none =
        "%s: column '%s' has no row that is not null; training needs at least one"
            .formatted(param, name);
    return of(dataset, param, name, none);
  }

  /**
   * The same for what does not train.
   *
   * @param none the message if there is no row
   */
  public static FeatureColumn of(Dataset<?> dataset, String param, String name, String none) {
    StructField field = check(dataset.schema(), param, name);
    int size = attributeSize(field);
    if (size <= 0) {
      Dataset<Row> known = dataset.select(functions.col(quote(name))).na().drop();
      Row[] first = (Row[]) known.head(1);
      if (first.length == 0) {
        throw new IllegalArgumentException(none);
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

  private static int sizeOf(Object value) {
    return value instanceof Vector vector ? vector.size() : ((Seq<?>) value).length();
  }
}

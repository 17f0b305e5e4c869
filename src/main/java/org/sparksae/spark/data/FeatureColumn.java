package org.sparksae.spark.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.mllib.linalg.VectorUDT;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.Text;
import org.sparksae.core.rows.StoragePrecision;

/**
 * The input column: a Vector (dense or sparse), or an array of numbers (float, double, tinyint,
 * smallint, int, bigint or decimal) of any nullability. A {@link FeatureReader} reads it as floats.
 *
 * <p>A row is valid if it is not null, has the column's size, and holds only finite numbers that
 * fit a float, and the precision to which they are rounded.
 */
public final class FeatureColumn implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * Number of first rows that determine the size. More rows would delay a fit of many small
   * partitions.
   */
  static final int LOOKED_AT = 100;

  private static final UserDefinedFunction VECTOR_SIZE =
      functions.udf((UDF1<Vector, Integer>) Vector::size, DataTypes.IntegerType);

  private final String name;
  private final int size;
  private final String reason;
  private final StoragePrecision precision;

  private FeatureColumn(String name, int size, String reason) {
    this(name, size, reason, StoragePrecision.FLOAT32);
  }

  private FeatureColumn(String name, int size, String reason, StoragePrecision precision) {
    this.name = name;
    this.size = size;
    this.reason = reason;
    this.precision = precision;
  }

  /** Returns the same column, whose values are rounded to a precision when they are read. */
  public FeatureColumn roundedTo(StoragePrecision other) {
    return new FeatureColumn(name, size, reason, other);
  }

  /** Returns the precision to which values are rounded. */
  StoragePrecision precision() {
    return precision;
  }

  /**
   * Checks that a schema has the column, with a type that can be read.
   *
   * @param param the Param that names the column, for the message
   * @throws IllegalArgumentException if the column is missing or of another type
   */
  public static ColumnPath check(StructType schema, String param, String name) {
    ColumnPath path = ColumnPath.of(schema, param, name);
    if (!isReadable(path.type())) {
      throw new IllegalArgumentException(
          Text.format(
              "%s: column '%s' must be a Vector or an array of numbers, but it is %s",
              param, name, describe(path.type(), name)));
    }
    return path;
  }

  private static boolean isReadable(DataType type) {
    return type instanceof ArrayType array
        ? ArrayElements.isReadable(array.elementType())
        : type.equals(SQLDataTypes.VectorType());
  }

  private static String describe(DataType type, String name) {
    if (type instanceof VectorUDT) {
      return Text.format(
          "a Vector of the old package org.apache.spark.mllib.linalg; convert it with MLUtils.convertVectorColumnsToML(dataset, \"%s\")",
          name);
    }
    return type.catalogString()
        + (ImageColumn.isReadable(type)
            ? "; put an ImageVectorizer before this stage, which makes Vectors of images"
            : "");
  }

  /** Returns a column whose rows have {@code size} values. */
  public static FeatureColumn ofSize(String name, int size) {
    return new FeatureColumn(name, size, "");
  }

  /**
   * Returns the column of a dataset. Its size is that of the column's attributes if it has any,
   * otherwise the most frequent size of the first rows.
   *
   * @param param the Param that names the column, for messages
   * @throws IllegalArgumentException if the column cannot be read, or has no row that determines
   *     its size
   */
  public static FeatureColumn of(Dataset<?> dataset, String param, String name) {
    String none =
        Text.format(
            "%s: column '%s' has no row that is not null; training needs at least one",
            param, name);
    return of(dataset, param, name, none);
  }

  /**
   * The same for stages that do not train.
   *
   * @param none the message if there is no row
   */
  public static FeatureColumn of(Dataset<?> dataset, String param, String name, String none) {
    ColumnPath path = check(dataset.schema(), param, name);
    int known = attributeSize(path.field());
    return known > 0
        ? new FeatureColumn(name, known, ", as the column's attributes say")
        : byFirstRows(dataset, param, name, path, none);
  }

  /** Ignores rows without values. Of equally frequent sizes, the first one counts. */
  private static FeatureColumn byFirstRows(
      Dataset<?> dataset, String param, String name, ColumnPath path, String none) {
    List<Integer> sizes = firstSizes(dataset, path);
    if (sizes.isEmpty()) {
      throw new IllegalArgumentException(none);
    }
    Map<Integer, Long> rows =
        sizes.stream()
            .filter(size -> size > 0)
            .collect(Collectors.groupingBy(s -> s, LinkedHashMap::new, Collectors.counting()));
    if (rows.isEmpty()) {
      throw new IllegalArgumentException(
          Text.format(
              "%s: the rows of column '%s' must have at least 1 value, but the first has none",
              param, name));
    }
    long most = Collections.max(rows.values());
    int size = rows.keySet().stream().filter(s -> rows.get(s) == most).findFirst().orElseThrow();
    String reason = Text.format(", as %d of the first %d rows have", most, sizes.size());
    return new FeatureColumn(name, size, reason);
  }

  private static List<Integer> firstSizes(Dataset<?> dataset, ColumnPath path) {
    Column column = path.expression();
    Column size =
        path.type() instanceof ArrayType ? functions.size(column) : VECTOR_SIZE.apply(column);
    Dataset<Row> known = dataset.select(functions.when(column.isNotNull(), size)).na().drop();
    return Arrays.stream((Row[]) known.head(LOOKED_AT)).map(row -> row.getInt(0)).toList();
  }

  /** Returns the size from a column's attributes, or -1. */
  public static int attributeSize(StructField field) {
    return field.dataType() instanceof ArrayType
        ? -1
        : AttributeGroup.fromStructField(field).size();
  }

  /** Quotes a column name, which may contain dots, for use in an expression. */
  public static String quote(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  /** The column's name. */
  public String name() {
    return name;
  }

  /** Number of values in a row. */
  public int size() {
    return size;
  }

  /** Why the column has this size, as the end of a sentence; empty if a model determines it. */
  String reason() {
    return reason;
  }

  /** Describes what is wrong with a row of another size. */
  String problemOf(int otherSize) {
    return Text.format("has %d values, expected %d%s", otherSize, size, reason);
  }
}

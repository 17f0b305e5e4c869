package org.sparksae.spark.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.Text;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The place of a column in the rows of a schema: at the top level, or within structs.
 *
 * <p>A name that equals a whole column name, including dots, means that column. Other names are
 * parsed as Spark does: {@code s.features} is a field of the struct {@code s}, and backticks allow
 * a dot in a name. Case is ignored unless {@code spark.sql.caseSensitive} is set.
 */
public final class ColumnPath implements Serializable {
  private static final long serialVersionUID = 1L;

  private final List<String> names;
  private final int[] ordinals;
  private final StructField field;

  private ColumnPath(List<String> names, int[] ordinals, StructField field) {
    this.names = names;
    this.ordinals = ordinals;
    this.field = field;
  }

  /** Returns the column at the top level that has an ordinal. */
  static ColumnPath at(StructType schema, int ordinal) {
    StructField field = schema.apply(ordinal);
    return new ColumnPath(List.of(field.name()), new int[] {ordinal}, field);
  }

  /**
   * Finds a column.
   *
   * @param param the Param that names it, for the message
   * @throws IllegalArgumentException if there is no such column, if there are several with that
   *     name, or if it lies in an array or a map
   */
  public static ColumnPath of(StructType schema, String param, String name) {
    List<String> parts = isColumn(schema, name) ? List.of(name) : parts(name);
    List<String> names = new ArrayList<>();
    int[] ordinals = new int[parts.size()];
    StructType struct = schema;
    for (int i = 0; ; i++) {
      ordinals[i] = ordinal(struct, param, name, parts, i);
      StructField field = struct.apply(ordinals[i]);
      names.add(field.name());
      if (i == parts.size() - 1) {
        return new ColumnPath(names, ordinals, field);
      }
      struct = struct(field, param, name, parts, i);
    }
  }

  /** Whether a schema has a top-level column with this whole name, including dots. */
  public static boolean isColumn(StructType schema, String name) {
    return !indicesOf(schema, name).isEmpty();
  }

  private static List<String> parts(String name) {
    try {
      return CollectionConverters.asJava(UnresolvedAttribute.parseAttributeName(name));
    } catch (Exception e) {
      // Scala does not declare checked exceptions.
      if (e instanceof AnalysisException) {
        return List.of(name);
      }
      throw e;
    }
  }

  private static int ordinal(
      StructType struct, String param, String name, List<String> parts, int i) {
    List<Integer> found = indicesOf(struct, parts.get(i));
    if (found.size() == 1) {
      return found.get(0);
    }
    if (!found.isEmpty()) {
      throw new IllegalArgumentException(
          Text.format(
              "%s: column '%s' is ambiguous, as there are several of that name: %s; rename or drop the others",
              param,
              name,
              found.stream()
                  .map(index -> struct.apply(index).name())
                  .collect(Collectors.joining(", "))));
    }
    throw new IllegalArgumentException(
        i == 0
            ? Text.format(
                "%s: there is no column '%s'; the columns are %s",
                param, name, String.join(", ", struct.fieldNames()))
            : Text.format(
                "%s: there is no column '%s'; the fields of '%s' are %s",
                param, name, outer(parts, i), String.join(", ", struct.fieldNames())));
  }

  private static List<Integer> indicesOf(StructType struct, String name) {
    String[] names = struct.fieldNames();
    return IntStream.range(0, names.length)
        .filter(index -> isSame(names[index], name))
        .boxed()
        .toList();
  }

  /** Whether Spark, with its present settings, considers two names equal. */
  public static boolean isSame(String one, String other) {
    return SQLConf.get().caseSensitiveAnalysis() ? one.equals(other) : one.equalsIgnoreCase(other);
  }

  private static StructType struct(
      StructField field, String param, String name, List<String> parts, int i) {
    if (field.dataType() instanceof StructType struct) {
      return struct;
    }
    throw new IllegalArgumentException(
        Text.format(
            "%s: there is no column '%s', as '%s' is %s and no struct%s",
            param,
            name,
            outer(parts, i + 1),
            field.dataType().catalogString(),
            field.dataType() instanceof ArrayType
                ? "; make a row of each element first, with explode"
                : ""));
  }

  private static String outer(List<String> parts, int count) {
    return String.join(".", parts.subList(0, count));
  }

  /** Returns the column's own name, type and metadata. */
  public StructField field() {
    return field;
  }

  /** Returns the column's type. */
  public DataType type() {
    return field.dataType();
  }

  /** Whether the column lies within a struct. */
  public boolean isNested() {
    return ordinals.length > 1;
  }

  /** Returns the column as an expression on the dataset. */
  public Column expression() {
    return functions.col(names.stream().map(FeatureColumn::quote).collect(Collectors.joining(".")));
  }

  /** Returns the column among the columns of a plan, or a field of one of them with an alias. */
  NamedExpression in(List<Attribute> columns) {
    Attribute column = columns.get(ordinals[0]);
    Expression value = column;
    for (int i = 1; i < ordinals.length; i++) {
      value = new GetStructField(value, ordinals[i], Option.apply(names.get(i)));
    }
    return isNested() ? CatalystRows.alias(value, CatalystRows.attribute(field)) : column;
  }

  @Override
  public String toString() {
    return String.join(".", names) + Arrays.toString(ordinals);
  }
}

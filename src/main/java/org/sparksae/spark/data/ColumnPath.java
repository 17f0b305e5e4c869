package org.sparksae.spark.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.Text;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Where a column lies in the rows of a schema: at the top, or within structs.
 *
 * <p>A name that is a whole column's, dots included, means that column. Any other name is read as
 * Spark reads it: {@code s.features} is a field of the struct {@code s}, and backticks keep a dot
 * in a name. Upper and lower case are the same unless {@code spark.sql.caseSensitive} is set.
 */
public final class ColumnPath implements Serializable {
  private static final long serialVersionUID = 1L;

  private final List<String> names;
  private final int[] ordinals;
  private final int[] structSizes;
  private final StructField field;

  private ColumnPath(List<String> names, int[] ordinals, int[] structSizes, StructField field) {
    this.names = names;
    this.ordinals = ordinals;
    this.structSizes = structSizes;
    this.field = field;
  }

  /** A column at the top, of which only place and type are known. */
  public static ColumnPath at(int ordinal, DataType type) {
    StructField field = new StructField("column" + ordinal, type, true, Metadata.empty());
    return new ColumnPath(List.of(field.name()), new int[] {ordinal}, new int[0], field);
  }

  /**
   * Finds a column.
   *
   * @param param the Param that names it, for the message
   * @throws IllegalArgumentException if there is none, if there are several of that name, or if it
   *     lies in an array or a map
   */
  public static ColumnPath of(StructType schema, String param, String name) {
    List<String> parts = isColumn(schema, name) ? List.of(name) : parts(name);
    List<String> names = new ArrayList<>();
    int[] ordinals = new int[parts.size()];
    int[] structSizes = new int[parts.size() - 1];
    StructType struct = schema;
    for (int i = 0; ; i++) {
      ordinals[i] = ordinal(struct, param, name, parts, i);
      StructField field = struct.apply(ordinals[i]);
      names.add(field.name());
      if (i == parts.size() - 1) {
        return new ColumnPath(names, ordinals, structSizes, field);
      }
      struct = struct(field, param, name, parts, i);
      structSizes[i] = struct.size();
    }
  }

  /** Whether a schema has a column at the top whose whole name, dots included, this is. */
  public static boolean isColumn(StructType schema, String name) {
    return !indicesOf(schema, name).isEmpty();
  }

  private static List<String> parts(String name) {
    try {
      return CollectionConverters.asJava(UnresolvedAttribute.parseAttributeName(name));
    } catch (Exception e) {
      // Scala does not declare it.
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

  /** Whether Spark, as it is set, takes two names for one. */
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

  /** The column itself: its own name, type, and metadata. */
  public StructField field() {
    return field;
  }

  /** The column's type. */
  public DataType type() {
    return field.dataType();
  }

  /** Whether the column lies within a struct. */
  public boolean isNested() {
    return structSizes.length > 0;
  }

  /** The column as an expression on the dataset. */
  public Column expression() {
    return functions.col(names.stream().map(FeatureColumn::quote).collect(Collectors.joining(".")));
  }

  /** The row, or the struct in it, that has the column; null if a struct around it is null. */
  InternalRow holder(InternalRow row) {
    InternalRow holder = row;
    for (int i = 0; i < structSizes.length; i++) {
      if (holder.isNullAt(ordinals[i])) {
        return null;
      }
      holder = holder.getStruct(ordinals[i], structSizes[i]);
    }
    return holder;
  }

  /** Its place in what {@link #holder} gives. */
  int ordinal() {
    return ordinals[ordinals.length - 1];
  }

  @Override
  public String toString() {
    return String.join(".", names) + Arrays.toString(ordinals);
  }
}

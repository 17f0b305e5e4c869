package org.sparksae.spark.data;

import org.apache.spark.sql.catalyst.expressions.GreaterThanOrEqual;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.SparkPartitionID;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Keeps Spark from pruning fields of structs that a typed operator creates from objects, where the
 * operator must be there before the optimizer runs.
 *
 * <p>If a query uses only some fields of a struct, Spark drops the others from the expressions that
 * create the struct from an object, and renumbers the fields. Expressions that take a whole struct
 * from the object have nothing to drop, but Spark renumbers the fields anyway, so a wrong field is
 * read. This happens if a projection directly follows the operator.
 */
final class WholeStructs {
  private WholeStructs() {}

  /**
   * Returns the same rows. If they have structs, it adds a filter that every row passes. Spark
   * considers the filter non-deterministic, so it does not remove it.
   */
  static LogicalPlan keep(LogicalPlan serialized) {
    boolean hasStruct =
        CollectionConverters.asJava(serialized.output()).stream()
            .anyMatch(column -> hasStruct(column.dataType()));
    return hasStruct
        ? new Filter(
            new GreaterThanOrEqual(
                new SparkPartitionID(), Literal.create(0, DataTypes.IntegerType)),
            serialized)
        : serialized;
  }

  private static boolean hasStruct(DataType type) {
    if (type instanceof ArrayType array) {
      return hasStruct(array.elementType());
    } else if (type instanceof MapType map) {
      return hasStruct(map.keyType()) || hasStruct(map.valueType());
    }
    return type instanceof StructType;
  }
}

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
 * Structs in columns that are made of objects, which Spark must not take apart.
 *
 * <p>Where a query wants some fields of a struct only, Spark drops the others from the expressions
 * that make the struct of an object, and counts the fields anew. Expressions that take a whole
 * struct from the object have nothing to drop, but the fields are counted anew all the same, and
 * another field is read. Spark does so where a projection stands directly on the operator.
 */
final class WholeStructs {
  private WholeStructs() {}

  /**
   * The same rows; if they have structs, behind a filter that every row passes and that Spark, for
   * which it is not deterministic, does not drop.
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

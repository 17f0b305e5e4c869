package org.sparksae.spark.data;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.CreateNamedStruct;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.objects.WrapOption;
import org.apache.spark.sql.catalyst.plans.logical.DeserializeToObject;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.MapPartitions;
import org.apache.spark.sql.catalyst.plans.logical.SerializeFromObject;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.immutable.Seq;

/**
 * Builds Spark's operator for typed functions, but without an encoder: rows enter and leave it as
 * structs.
 */
final class PartitionOperator {
  private final List<Attribute> kept;
  private final List<Attribute> added;

  /** Columns of the structs that enter: those that are kept, then the other inputs. */
  private final List<Expression> entering;

  private final int[] inputs;

  /**
   * An operator.
   *
   * @param kept columns of the rows that stay in the result
   * @param inputs what the map reads
   * @param added columns that the map adds
   */
  PartitionOperator(List<Attribute> kept, List<Expression> inputs, List<Attribute> added) {
    this.kept = kept;
    this.added = added;
    this.entering = new ArrayList<>(kept);
    this.inputs = inputs.stream().mapToInt(this::enter).toArray();
  }

  private int enter(Expression input) {
    int ordinal = 0;
    while (ordinal < entering.size() && !entering.get(ordinal).semanticEquals(input)) {
      ordinal++;
    }
    if (ordinal == entering.size()) {
      entering.add(input);
    }
    return ordinal;
  }

  /** Returns a plan that applies a map to rows. */
  LogicalPlan on(LogicalPlan rows, PartitionMap map) {
    StructType columns = type(entering);
    // Wrapping makes the struct an opaque object. Otherwise Spark would copy it element by element.
    Expression struct = struct();
    Expression wrapped = new WrapOption(struct, struct.dataType());
    LogicalPlan structs = new DeserializeToObject(wrapped, object(wrapped.dataType()), rows);
    StructType result = type(Stream.concat(entering.stream(), added.stream()).toList());
    LogicalPlan mapped =
        new MapPartitions(new MappedRows(map, columns, inputs), object(result), structs);
    return new SerializeFromObject(fields(result), mapped);
  }

  private CreateNamedStruct struct() {
    List<Expression> namesAndValues = new ArrayList<>();
    for (Expression value : entering) {
      namesAndValues.add(Literal.create(name(value), DataTypes.StringType));
      namesAndValues.add(value);
    }
    return new CreateNamedStruct(CatalystRows.seq(namesAndValues));
  }

  private Seq<NamedExpression> fields(StructType result) {
    Expression row = new BoundReference(0, result, false);
    List<NamedExpression> fields = new ArrayList<>();
    for (int i = 0; i < kept.size(); i++) {
      fields.add(field(row, i, kept.get(i)));
    }
    for (int i = 0; i < added.size(); i++) {
      fields.add(field(row, entering.size() + i, added.get(i)));
    }
    return CatalystRows.seq(fields);
  }

  private static NamedExpression field(Expression row, int ordinal, Attribute column) {
    return CatalystRows.alias(new GetStructField(row, ordinal, Option.empty()), column);
  }

  private static Attribute object(DataType type) {
    return CatalystRows.attribute(new StructField("obj", type, false, Metadata.empty()));
  }

  private static StructType type(List<Expression> columns) {
    return new StructType(
        columns.stream()
            .map(c -> new StructField(name(c), c.dataType(), c.nullable(), Metadata.empty()))
            .toArray(StructField[]::new));
  }

  private static String name(Expression column) {
    return column instanceof NamedExpression named ? named.name() : "input";
  }
}

package org.sparksae.spark.data;

import java.io.Serializable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.CreateNamedStruct;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.FileSourceMetadataAttribute;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.objects.WrapOption;
import org.apache.spark.sql.catalyst.plans.logical.DeserializeToObject;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.MapPartitions;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.SerializeFromObject;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.Text;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A dataset's rows in Spark's internal form, where arrays are memory, not objects. This is the only
 * class that builds query plans, so it is the one that another version of Spark may break.
 */
public final class CatalystRows {
  private CatalystRows() {}

  /**
   * Maps the rows of a partition.
   *
   * <p>Rows of both iterators are valid until the next row is requested.
   */
  public interface PartitionMap extends Serializable {
    /**
     * Maps the rows of a partition to new rows.
     *
     * @param columns columns of the rows: those of the dataset, then others that are only passed
     *     through
     */
    Iterator<InternalRow> apply(Iterator<InternalRow> rows, StructType columns);
  }

  /** Returns the rows. Each is valid until the next one is requested. */
  public static JavaRDD<InternalRow> rdd(Dataset<?> dataset) {
    return dataset.queryExecution().toRdd().toJavaRDD();
  }

  /**
   * Adds an operator to a plan that keeps every column and adds some. It is lazy, works by
   * partition, and supports batches and streams.
   *
   * <p>In the plan, the kept columns stay the same (name, identity, qualifier, metadata), so that
   * {@code dataset.col(..)} refers to the same column of the result. Therefore the map must not
   * change their values.
   *
   * @param dataset the rows
   * @param added the columns to add
   * @param map returns rows with the dataset's columns followed by the added ones
   */
  public static Dataset<Row> append(Dataset<?> dataset, List<StructField> added, PartitionMap map) {
    LogicalPlan rows = dataset.queryExecution().commandExecuted();
    List<Attribute> columns = list(rows.output());
    List<Attribute> kept = both(columns, fileMetadata(rows));
    List<Attribute> same = isMadeByAnOperator(rows, kept) ? renewed(kept) : kept;
    List<Attribute> all = both(same, attributes(added));
    LogicalPlan result = operator(project(kept, rows), kept, all, map);
    List<Attribute> hidden = same.subList(columns.size(), kept.size());
    if (!hidden.isEmpty()) {
      List<Attribute> shown = new ArrayList<>(all);
      shown.removeAll(hidden);
      result = project(shown, result);
      result.setTagValue(Project.hiddenOutputTag(), seq(hidden));
    }
    return dataset(dataset, result);
  }

  /**
   * Returns the column {@code _metadata} of files, if Spark offers it. It is always read, because
   * Spark cannot tell whether it is used after the operator. Metadata of other sources are not
   * kept, because reading them may change which rows are returned.
   */
  private static List<Attribute> fileMetadata(LogicalPlan rows) {
    List<Attribute> output = list(rows.output());
    return list(rows.metadataOutput()).stream()
        .filter(column -> !output.contains(column))
        .filter(AttributeReference.class::isInstance)
        .filter(
            column -> FileSourceMetadataAttribute.unapply((AttributeReference) column).isDefined())
        .toList();
  }

  /**
   * Whether an operator of this kind below already produces one of the columns. Then Spark would
   * give all of them new identities, except in the tag that names the hidden ones.
   */
  private static boolean isMadeByAnOperator(LogicalPlan plan, List<Attribute> columns) {
    return !plan.isStreaming()
        && (plan instanceof SerializeFromObject && shares(list(plan.output()), columns)
            || list(plan.children()).stream().anyMatch(p -> isMadeByAnOperator(p, columns)));
  }

  private static boolean shares(List<Attribute> some, List<Attribute> others) {
    Set<ExprId> ids = others.stream().map(Attribute::exprId).collect(Collectors.toSet());
    return some.stream().map(Attribute::exprId).anyMatch(ids::contains);
  }

  private static List<Attribute> renewed(List<Attribute> columns) {
    return columns.stream().map(Attribute::newInstance).toList();
  }

  /**
   * Builds Spark's operator for typed functions, without an encoder. Rows enter and leave it as a
   * struct of all columns.
   */
  private static LogicalPlan operator(
      LogicalPlan rows, List<Attribute> kept, List<Attribute> result, PartitionMap map) {
    // Wrapping makes the struct an opaque object. Otherwise Spark would copy it element by element.
    Expression struct = struct(kept);
    Expression wrapped = new WrapOption(struct, struct.dataType());
    LogicalPlan structs = new DeserializeToObject(wrapped, object(wrapped.dataType()), rows);
    StructType type = type(result);
    LogicalPlan mapped = new MapPartitions(new MappedRows(map, type(kept)), object(type), structs);
    return WholeStructs.keep(new SerializeFromObject(fields(result, type), mapped));
  }

  private static LogicalPlan project(List<Attribute> columns, LogicalPlan plan) {
    return list(plan.output()).equals(columns)
        ? plan
        : new Project(seq(new ArrayList<NamedExpression>(columns)), plan);
  }

  private static List<Attribute> attributes(List<StructField> fields) {
    return fields.stream()
        .map(f -> attribute(f.name(), f.dataType(), f.nullable(), f.metadata()))
        .toList();
  }

  private static Attribute object(DataType type) {
    return attribute("obj", type, false, Metadata.empty());
  }

  private static Attribute attribute(
      String name, DataType type, boolean nullable, Metadata metadata) {
    return new AttributeReference(
        name, type, nullable, metadata, NamedExpression.newExprId(), seq(List.of()));
  }

  private static StructType type(List<Attribute> columns) {
    return new StructType(
        columns.stream()
            .map(c -> new StructField(c.name(), c.dataType(), c.nullable(), c.metadata()))
            .toArray(StructField[]::new));
  }

  private static CreateNamedStruct struct(List<Attribute> columns) {
    List<Expression> namesAndValues = new ArrayList<>();
    for (Attribute column : columns) {
      namesAndValues.add(Literal.create(column.name(), DataTypes.StringType));
      namesAndValues.add(column);
    }
    return new CreateNamedStruct(seq(namesAndValues));
  }

  private static Seq<NamedExpression> fields(List<Attribute> columns, StructType type) {
    Expression row = new BoundReference(0, type, false);
    List<NamedExpression> fields = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      Attribute column = columns.get(i);
      fields.add(
          new Alias(
              new GetStructField(row, i, Option.empty()),
              column.name(),
              column.exprId(),
              column.qualifier(),
              Option.apply(column.metadata()),
              seq(List.of())));
    }
    return seq(fields);
  }

  private static <T> List<T> both(List<T> first, List<T> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  private static <T> List<T> list(Seq<T> seq) {
    return CollectionConverters.asJava(seq);
  }

  private static <T> Seq<T> seq(List<T> list) {
    return CollectionConverters.asScala(list).toSeq();
  }

  /** Calls {@code Dataset.ofRows}, which is in another package since Spark 4. */
  @SuppressWarnings("unchecked")
  private static Dataset<Row> dataset(Dataset<?> origin, LogicalPlan plan) {
    try {
      for (Method method : origin.getClass().getMethods()) {
        if (method.getName().equals("ofRows") && method.getParameterCount() == 2) {
          return (Dataset<Row>) method.invoke(null, origin.sparkSession(), plan);
        }
      }
      throw new IllegalStateException(
          Text.format(
              "this version of Spark, %s, has no Dataset.ofRows(session, plan)",
              origin.sparkSession().version()));
    } catch (InvocationTargetException failed) {
      throw failed.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(failed.getCause());
    } catch (IllegalAccessException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}

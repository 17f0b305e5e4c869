package org.sparksae.spark.data;

import java.io.Serializable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
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
import scala.collection.AbstractIterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/**
 * A dataset's rows in Spark's own form, where arrays are memory and not objects; the one place that
 * builds query plans, and so the one that another version of Spark may break.
 */
public final class CatalystRows {
  private CatalystRows() {}

  /**
   * What maps the rows of a partition.
   *
   * <p>A row that the iterator gives is valid until the next one is asked for, on either side.
   */
  public interface PartitionMap extends Serializable {
    /** The rows of a partition to new rows. */
    Iterator<InternalRow> apply(Iterator<InternalRow> rows);
  }

  /** The rows; each is valid until the next one is asked for. */
  public static JavaRDD<InternalRow> rdd(Dataset<?> dataset) {
    return dataset.queryExecution().toRdd().toJavaRDD();
  }

  /**
   * Puts an operator on a plan that keeps every column and adds some: lazily, partition by
   * partition, of a batch or a stream.
   *
   * <p>It is Spark's own operator for typed functions, without the encoder: rows go in as a struct
   * of all columns and come out of one. The columns that are kept stay the same to the plan (name,
   * identity, qualifier, metadata), so that {@code dataset.col(..)} means the same column of the
   * result; values must therefore not be changed.
   *
   * @param dataset the rows
   * @param added the columns to add
   * @param map gives rows of the dataset's columns followed by the added ones
   */
  public static Dataset<Row> append(Dataset<?> dataset, List<StructField> added, PartitionMap map) {
    LogicalPlan child = dataset.queryExecution().commandExecuted();
    List<Attribute> kept = CollectionConverters.asJava(child.output());
    StructType result = result(kept, added);
    // Wrapped, the struct is an opaque object to Spark, which would copy a bare one element by
    // element.
    Expression struct = struct(kept);
    Expression wrapped = new WrapOption(struct, struct.dataType());
    LogicalPlan structs = new DeserializeToObject(wrapped, object(wrapped.dataType()), child);
    LogicalPlan mapped = new MapPartitions(new Mapped(map), object(result), structs);
    return dataset(
        dataset, WholeStructs.keep(new SerializeFromObject(columns(kept, result), mapped)));
  }

  private static StructType result(List<Attribute> kept, List<StructField> added) {
    StructType result = new StructType();
    for (Attribute column : kept) {
      result =
          result.add(
              new StructField(
                  column.name(), column.dataType(), column.nullable(), column.metadata()));
    }
    for (StructField field : added) {
      result = result.add(field);
    }
    return result;
  }

  private static CreateNamedStruct struct(List<Attribute> columns) {
    List<Expression> namesAndValues = new ArrayList<>();
    for (Attribute column : columns) {
      namesAndValues.add(Literal.create(column.name(), DataTypes.StringType));
      namesAndValues.add(column);
    }
    return new CreateNamedStruct(seq(namesAndValues));
  }

  private static Attribute object(DataType type) {
    return new AttributeReference(
        "obj", type, false, Metadata.empty(), NamedExpression.newExprId(), seq(List.of()));
  }

  private static Seq<NamedExpression> columns(List<Attribute> kept, StructType result) {
    Expression row = new BoundReference(0, result, false);
    List<NamedExpression> columns = new ArrayList<>();
    for (int i = 0; i < result.size(); i++) {
      Expression value = new GetStructField(row, i, Option.empty());
      Attribute same = i < kept.size() ? kept.get(i) : null;
      columns.add(
          new Alias(
              value,
              result.apply(i).name(),
              same == null ? NamedExpression.newExprId() : same.exprId(),
              same == null ? seq(List.of()) : same.qualifier(),
              Option.apply(result.apply(i).metadata()),
              seq(List.of())));
    }
    return seq(columns);
  }

  private static <T> Seq<T> seq(List<T> list) {
    return CollectionConverters.asScala(list).toSeq();
  }

  /** {@code Dataset.ofRows}, which is in another package from Spark 4 on. */
  @SuppressWarnings("unchecked")
  private static Dataset<Row> dataset(Dataset<?> origin, LogicalPlan plan) {
    try {
      for (Method method : origin.getClass().getMethods()) {
        if (method.getName().equals("ofRows") && method.getParameterCount() == 2) {
          return (Dataset<Row>) method.invoke(null, origin.sparkSession(), plan);
        }
      }
      throw new IllegalStateException(
          "this version of Spark, %s, has no Dataset.ofRows(session, plan)"
              .formatted(origin.sparkSession().version()));
    } catch (InvocationTargetException failed) {
      throw failed.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(failed.getCause());
    } catch (IllegalAccessException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The map as the operator calls it. */
  private static final class Mapped
      extends AbstractFunction1<
          scala.collection.Iterator<Object>, scala.collection.Iterator<Object>>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    private final PartitionMap map;

    Mapped(PartitionMap map) {
      this.map = map;
    }

    @Override
    public scala.collection.Iterator<Object> apply(scala.collection.Iterator<Object> structs) {
      Iterator<InternalRow> rows = map.apply(new Unwrapped(structs));
      return new AbstractIterator<>() {
        @Override
        public boolean hasNext() {
          return rows.hasNext();
        }

        @Override
        public Object next() {
          return rows.next();
        }
      };
    }
  }

  private static final class Unwrapped implements Iterator<InternalRow> {
    private final scala.collection.Iterator<Object> structs;

    Unwrapped(scala.collection.Iterator<Object> structs) {
      this.structs = structs;
    }

    @Override
    public boolean hasNext() {
      return structs.hasNext();
    }

    @Override
    public InternalRow next() {
      return (InternalRow) ((Option<?>) structs.next()).get();
    }
  }
}

package org.sparksae.spark.data;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.Generate;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.execution.CoalesceExec;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec;
import org.apache.spark.sql.execution.columnar.InMemoryTableScanExec;
import org.apache.spark.sql.execution.exchange.REPARTITION_BY_NUM$;
import org.apache.spark.sql.execution.exchange.ShuffleExchangeExec;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.Text;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.math.BigInt;

/** A dataset's rows in Spark's internal form, where arrays are memory, not objects. */
public final class CatalystRows {
  /** Spark's name of a stream that can be read continuously. */
  private static final String STREAM = "StreamingRelationV2";

  private CatalystRows() {}

  /** Returns the rows of an analysed plan. */
  public static Dataset<Row> of(SparkSession session, LogicalPlan plan) {
    return dataset(session.emptyDataFrame(), plan);
  }

  /** Returns the rows. Each is valid until the next one is requested. */
  public static JavaRDD<InternalRow> rdd(Dataset<?> dataset) {
    return dataset.queryExecution().toRdd().toJavaRDD();
  }

  /**
   * Returns about how many partitions the rows will have, without running a shuffle. An adaptive
   * plan decides on them while it runs. Then it is the number that a {@code repartition} has set,
   * and otherwise as many as Spark's estimate of the bytes fills, up to those of a shuffle.
   */
  public static int partitions(Dataset<?> dataset) {
    QueryExecution query = dataset.queryExecution();
    if (!(query.executedPlan() instanceof AdaptiveSparkPlanExec plan)) {
      return rdd(dataset).getNumPartitions();
    }
    SparkPlan source = source(plan);
    if (source instanceof CoalesceExec merged) {
      return merged.numPartitions();
    }
    if (source instanceof ShuffleExchangeExec shuffle
        && shuffle.shuffleOrigin().equals(REPARTITION_BY_NUM$.MODULE$)) {
      return shuffle.numPartitions();
    }
    SQLConf conf = dataset.sparkSession().sessionState().conf();
    BigInt size = query.optimizedPlan().stats().sizeInBytes();
    double filled = Math.ceil(size.doubleValue() / bytes(conf));
    return (int) Math.max(1, Math.min(conf.numShufflePartitions(), filled));
  }

  /**
   * Returns the operator that decides on the partitions: a shuffle, a coalesce, a scan or a join.
   */
  private static SparkPlan source(SparkPlan plan) {
    if (plan instanceof AdaptiveSparkPlanExec adaptive) {
      return source(adaptive.initialPlan());
    }
    if (plan instanceof InMemoryTableScanExec cached) {
      return source(cached.relation().cachedPlan());
    }
    boolean decides = plan instanceof ShuffleExchangeExec || plan instanceof CoalesceExec;
    return decides || plan.children().size() != 1 ? plan : source(plan.children().head());
  }

  private static double bytes(SQLConf conf) {
    return ((Number) conf.getConf(SQLConf.ADVISORY_PARTITION_SIZE_IN_BYTES())).doubleValue();
  }

  /**
   * Adds an operator to a plan that keeps every column and adds some. It is lazy, works by
   * partition, and supports batches and streams.
   *
   * <p>In the plan, the kept columns stay the same (name, identity, qualifier, metadata), so that
   * {@code dataset.col(..)} refers to the same column of the result. Columns that a query does not
   * use are not read, and filters on kept columns are applied before the map.
   *
   * @param dataset the rows
   * @param inputs the columns that the map reads
   * @param added the columns to add
   * @param map returns rows with the added columns
   */
  public static Dataset<Row> append(
      Dataset<?> dataset, List<ColumnPath> inputs, List<StructField> added, PartitionMap map) {
    LogicalPlan rows = dataset.queryExecution().commandExecuted();
    List<Attribute> columns = list(rows.output());
    List<NamedExpression> read = inputs.stream().map(path -> path.in(columns)).toList();
    List<Expression> values = read.stream().<Expression>map(NamedExpression::toAttribute).toList();
    List<Attribute> more = added.stream().map(CatalystRows::attribute).toList();
    LogicalPlan source = withFields(read, rows);
    if (mayBeContinuous(rows)) {
      LogicalPlan mapped = new PartitionOperator(columns, values, more).on(source, map);
      return dataset(dataset, WholeStructs.keep(mapped));
    }
    PartitionStrategy.addTo(dataset.sparkSession());
    StructType type = new StructType(added.toArray(StructField[]::new));
    ColumnGenerator generator = new ColumnGenerator(map, type, seq(values));
    return dataset(dataset, generate(generator, more, columns.size(), source));
  }

  /** Adds fields of structs to rows as columns, so that Spark need not read the other fields. */
  private static LogicalPlan withFields(List<NamedExpression> read, LogicalPlan rows) {
    List<NamedExpression> fields = read.stream().filter(Alias.class::isInstance).toList();
    List<NamedExpression> all = new ArrayList<>(list(rows.output()));
    all.addAll(fields);
    return fields.isEmpty() ? rows : new Project(seq(all), rows);
  }

  /**
   * Whether a query on the rows may have the trigger {@code Continuous}, which refuses generators
   * and allows typed functions. Such sources read all columns and rows in any case.
   */
  private static boolean mayBeContinuous(LogicalPlan rows) {
    return list(rows.collectLeaves()).stream().allMatch(leaf -> leaf.nodeName().equals(STREAM));
  }

  /** Spark's operator for generators. Its result has the first columns of its source. */
  private static LogicalPlan generate(
      ColumnGenerator generator, List<Attribute> added, int columns, LogicalPlan source) {
    List<Object> others =
        IntStream.range(columns, source.output().size()).<Object>mapToObj(i -> i).toList();
    return new Generate(generator, seq(others), false, Option.empty(), seq(added), source);
  }

  static Attribute attribute(StructField field) {
    return new AttributeReference(
        field.name(),
        field.dataType(),
        field.nullable(),
        field.metadata(),
        NamedExpression.newExprId(),
        seq(List.of()));
  }

  /** Returns a value as a column with the properties of an attribute. */
  static Alias alias(Expression value, Attribute column) {
    return new Alias(
        value,
        column.name(),
        column.exprId(),
        column.qualifier(),
        Option.apply(column.metadata()),
        seq(List.of()));
  }

  static <T> List<T> list(Seq<T> seq) {
    return CollectionConverters.asJava(seq);
  }

  static <T> Seq<T> seq(List<T> list) {
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

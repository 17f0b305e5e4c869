package org.sparksae.spark.ml.feature;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.Text;
import org.sparksae.spark.data.CatalystRows;
import org.sparksae.spark.data.ColumnPath;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.data.FeatureReader;
import org.sparksae.spark.data.InvalidRowException;
import org.sparksae.spark.data.PartitionMap;
import org.sparksae.spark.data.RowStore;
import org.sparksae.spark.data.VectorStruct;
import org.sparksae.spark.exchange.TreeSum;
import org.sparksae.spark.job.SparkJobs;
import org.sparksae.spark.ml.param.ColumnParams;
import org.sparksae.spark.ml.transform.Schemas;

/**
 * Adds a column of Vectors, each made from the row of another column.
 *
 * @param name name in a query plan
 * @param column the input column
 * @param step makes rows of rows
 */
public record VectorAppender(String name, FeatureColumn column, Step step) implements PartitionMap {

  private static final int BLOCK_ROWS = 1024;

  /**
   * The most values of a block; rows with more than about 100 000 values come in smaller blocks.
   */
  private static final int MAX_BLOCK_VALUES = 1 << 27;

  /** The remedy, as these stages have no handleInvalid. */
  private static final String LEAVE_OUT = "leave such rows out before this stage";

  /** Levels of the tree that adds up statistics of the rows. */
  private static final int AGGREGATION_DEPTH = 2;

  /** Makes rows of rows; travels with a closure. */
  public interface Step extends Serializable {
    /**
     * Maps the rows of one partition, [d] to [d]. It may return the same array each time, and must
     * not change its argument.
     */
    UnaryOperator<float[]> begin();
  }

  /** What an estimator computes from the rows of a column, which are read once. */
  public interface Statistics<T> {
    T of(TreeSum rows, int columns);
  }

  /** The dataset with the output column of a stage. */
  public static Dataset<Row> transform(
      Dataset<?> dataset, ColumnParams<?> stage, int size, Step step) {
    StructType result = Schemas.append(dataset.schema(), stage, size);
    StructField added = result.apply(result.size() - 1);
    FeatureColumn column = FeatureColumn.ofSize(stage.getInputCol(), size);
    ColumnPath path = ColumnPath.of(dataset.schema(), "inputCol", column.name());
    return CatalystRows.append(
        dataset, List.of(path), List.of(added), new VectorAppender(stage.uid(), column, step));
  }

  /** A stage's input column. */
  public static FeatureColumn input(Dataset<?> dataset, ColumnParams<?> stage) {
    return SparkJobs.run(
        dataset.sparkSession().sparkContext(),
        "training",
        () -> FeatureColumn.of(dataset, "inputCol", stage.getInputCol()));
  }

  /**
   * Statistics of the rows of a stage's input column.
   *
   * @throws IllegalArgumentException if a row is null, of another size or not finite
   * @throws java.util.concurrent.CancellationException if it was told to end
   */
  public static <T> T statistics(
      Dataset<?> dataset, FeatureColumn column, Statistics<T> statistics) {
    int blockRows = Math.max(1, Math.min(BLOCK_ROWS, MAX_BLOCK_VALUES / column.size()));
    return SparkJobs.run(
        dataset.sparkSession().sparkContext(),
        "training",
        () -> {
          try (RowStore rows = RowStore.readAll(dataset, column, blockRows, LEAVE_OUT)) {
            return statistics.of(new TreeSum(rows, AGGREGATION_DEPTH), column.size());
          }
        });
  }

  @Override
  public Iterator<InternalRow> apply(Iterator<InternalRow> rows, StructType columns, int[] inputs) {
    FeatureReader reader =
        new FeatureReader(column, columns.apply(inputs[0]).dataType(), inputs[0]);
    UnaryOperator<float[]> map = step.begin();
    float[] values = new float[column.size()];
    VectorStruct vector = new VectorStruct(column.size());
    GenericInternalRow added = new GenericInternalRow(1);
    JoinedRow joined = new JoinedRow();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public InternalRow next() {
        InternalRow row = rows.next();
        read(reader, row, values);
        added.update(0, vector.dense(map.apply(values), 0));
        return joined.apply(row, added);
      }
    };
  }

  @Override
  public String toString() {
    return name;
  }

  private void read(FeatureReader reader, InternalRow row, float[] values) {
    String problem = reader.open(row);
    problem = problem == null ? reader.read(values, 0) : problem;
    if (problem != null) {
      throw new InvalidRowException(
          Text.format("inputCol: a row of column '%s' %s; %s", column.name(), problem, LEAVE_OUT));
    }
  }
}

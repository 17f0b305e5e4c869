package org.sparksae.spark.ml.evaluate;

import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparksae.core.Text;
import org.sparksae.core.rows.Sums;
import org.sparksae.core.stats.ReconstructionMetrics;
import org.sparksae.spark.data.CatalystRows;
import org.sparksae.spark.data.ColumnPath;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.job.SparkJobs;
import org.sparksae.spark.ml.transform.Schemas;

/**
 * Metrics over the rows of a DataFrame, by their weights.
 *
 * @param dataset the rows
 * @param evaluator whose Params name the columns
 * @param weightCol the Param that names the column of weights; empty for weight 1
 * @param purpose what the metrics are for, such as {@code metric 'mse'}, for messages
 */
public record RowMetrics(
    Dataset<?> dataset, Params evaluator, Param<String> weightCol, String purpose) {

  /**
   * Measures in one pass.
   *
   * @param reconstructed the Params that name the columns of inputs and of reconstructions, or none
   * @param coded the Param that names the column of codes, or none
   * @throws IllegalArgumentException if a column is missing, of another type or holds an invalid
   *     row, or if there are no rows of weight above 0
   */
  public ReconstructionMetrics of(List<Param<String>> reconstructed, List<Param<String>> coded) {
    List<FeatureColumn> rows = reconstructed.stream().map(this::column).toList();
    checkSizes(reconstructed, rows);
    List<FeatureColumn> codes = coded.stream().map(this::column).toList();
    List<Column> columns = new ArrayList<>(List.of(weight()));
    Stream.concat(reconstructed.stream(), coded.stream())
        .map(this::expression)
        .forEach(columns::add);
    Dataset<Row> measured = dataset.select(columns.toArray(Column[]::new));
    RowSums sums = new RowSums(measured.schema(), rows, codes);
    return sums.metrics(sum(measured, sums));
  }

  private static void checkSizes(List<Param<String>> params, List<FeatureColumn> rows) {
    if (!rows.isEmpty() && rows.get(0).size() != rows.get(1).size()) {
      throw new IllegalArgumentException(
          Text.format(
              "%s '%s' has rows of %d values, but reconstructionCol '%s' of %d; they must be the same rows",
              params.get(0).name(),
              rows.get(0).name(),
              rows.get(0).size(),
              rows.get(1).name(),
              rows.get(1).size()));
    }
  }

  /** The weights as doubles; a column of 1 where there is none. */
  private Column weight() {
    String name = evaluator.getOrDefault(weightCol);
    Schemas.checkWeightCol(dataset.schema(), name);
    return name.isEmpty() ? lit(1.0) : expression(weightCol).cast("double");
  }

  private FeatureColumn column(Param<String> param) {
    if (!evaluator.isDefined(param)) {
      throw new IllegalArgumentException(
          Text.format("%s must be set for %s", param.name(), purpose));
    }
    return FeatureColumn.of(dataset, param.name(), evaluator.getOrDefault(param), noRows());
  }

  private String noRows() {
    return Text.format("there are no rows of weight above 0 to evaluate %s on", purpose);
  }

  private Column expression(Param<String> param) {
    return ColumnPath.of(dataset.schema(), param.name(), evaluator.getOrDefault(param))
        .expression();
  }

  /** Adds in partition order. */
  private double[] sum(Dataset<Row> rows, RowSums partition) {
    double[] total = null;
    JavaRDD<double[]> parts = CatalystRows.rdd(rows).mapPartitions(partition);
    for (double[] sums : SparkJobs.collect(parts, "evaluation")) {
      total = Sums.add(total, sums);
    }
    if (total == null || total[RowSums.WEIGHT] == 0) {
      throw new IllegalArgumentException(noRows());
    }
    return total;
  }
}

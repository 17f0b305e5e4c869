package org.sparksae.spark.ml.evaluate;

import static org.apache.spark.sql.functions.lit;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.Text;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.nn.Errors;
import org.sparksae.core.rows.Sums;
import org.sparksae.core.stats.CodeStatistics;
import org.sparksae.spark.data.CatalystRows;
import org.sparksae.spark.data.ColumnPath;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.data.FeatureReader;
import org.sparksae.spark.data.InvalidRowException;
import org.sparksae.spark.job.SparkJobs;
import org.sparksae.spark.ml.transform.Schemas;

/**
 * Metrics over the rows of a DataFrame, with w the weight of a row and W the sum of the weights.
 *
 * <p>All throw an IllegalArgumentException if a column is missing, of another type or holds an
 * invalid row, or if there are no rows of weight above 0.
 *
 * @param dataset the rows
 * @param evaluator whose Params name the columns
 * @param weightCol the Param that names the column of weights; empty for weight 1
 * @param metric name of the metric, for messages
 */
public record RowMetrics(
    Dataset<?> dataset, Params evaluator, Param<String> weightCol, String metric) {
  private static final int WEIGHT = 0;
  private static final int SQUARED_ERROR = 1;
  private static final int SQUARED_INPUT = 2;
  private static final int INPUTS = 3;

  /** (1/(W d)) sum of w |x_hat - x|^2. */
  public double meanSquaredError(Param<String> inputCol, Param<String> reconstructionCol) {
    double[] sums = ofReconstructions(inputCol, reconstructionCol);
    return sums[SQUARED_ERROR] / (sums[WEIGHT] * (sums.length - INPUTS));
  }

  /** 1 - sum of w |x - x_hat|^2 / sum of w |x - mean x|^2. */
  public double explainedVariance(Param<String> inputCol, Param<String> reconstructionCol) {
    double[] sums = ofReconstructions(inputCol, reconstructionCol);
    double squaredMean = 0;
    for (int j = INPUTS; j < sums.length; j++) {
      squaredMean += sums[j] * sums[j];
    }
    double variance = CodeStatistics.variance(sums[SQUARED_INPUT], squaredMean / sums[WEIGHT]);
    return CodeStatistics.explainedVariance(sums[SQUARED_ERROR], variance);
  }

  /** L0: the mean number of non-zeros of a code. */
  public double activeUnits(Param<String> outputCol) {
    double[] sums = ofCodes(outputCol);
    double active = 0;
    for (int j = 1; j < sums.length; j++) {
      active += sums[j];
    }
    return active / sums[WEIGHT];
  }

  /** The share of a code's values that are zero in every row. */
  public double deadFraction(Param<String> outputCol) {
    double[] sums = ofCodes(outputCol);
    double dead = 0;
    for (int j = 1; j < sums.length; j++) {
      dead += sums[j] == 0 ? 1 : 0;
    }
    return dead / (sums.length - 1);
  }

  /** {@code [W, sum of w |x_hat - x|^2, sum of w |x|^2, sum of w x]}. */
  private double[] ofReconstructions(Param<String> inputCol, Param<String> reconstructionCol) {
    FeatureColumn input = column(inputCol);
    FeatureColumn reconstruction = column(reconstructionCol);
    if (input.size() != reconstruction.size()) {
      throw new IllegalArgumentException(
          Text.format(
              "inputCol '%s' has rows of %d values, but reconstructionCol '%s' of %d; they must be the same rows",
              input.name(), input.size(), reconstruction.name(), reconstruction.size()));
    }
    Dataset<Row> both =
        dataset.select(expression(inputCol), expression(reconstructionCol), weight());
    StructType schema = both.schema();
    return sum(
        both, rows -> List.of(addReconstructions(rows, schema, input, reconstruction)).iterator());
  }

  private static double[] addReconstructions(
      Iterator<InternalRow> rows,
      StructType schema,
      FeatureColumn input,
      FeatureColumn reconstruction) {
    double[] sums = new double[INPUTS + input.size()];
    FeatureReader inputs = new FeatureReader(input, schema.apply(0).dataType(), 0);
    FeatureReader reconstructions =
        new FeatureReader(reconstruction, schema.apply(1).dataType(), 1);
    DenseRows x = DenseRows.zeros(1, input.size());
    DenseRows xHat = DenseRows.zeros(1, reconstruction.size());
    while (rows.hasNext()) {
      InternalRow row = rows.next();
      read(input, inputs, row, x.values());
      read(reconstruction, reconstructions, row, xHat.values());
      double weight = weight(row, 2);
      sums[WEIGHT] += weight;
      sums[SQUARED_ERROR] += weight * Errors.squared(x, xHat, 0);
      sums[SQUARED_INPUT] += weight * Kernels.squaredNorm(x.values(), 0, x.columns());
      Kernels.addWeightedColumnSums(x, new float[] {(float) weight}, sums, INPUTS);
    }
    return sums;
  }

  private static void read(
      FeatureColumn column, FeatureReader reader, InternalRow row, float[] target) {
    String problem = reader.open(row);
    problem = problem == null ? reader.read(target, 0) : problem;
    if (problem != null) {
      throw new InvalidRowException(Text.format("a row of column '%s' %s", column.name(), problem));
    }
  }

  /** {@code [W, weight of the rows in which each unit is not zero]}. */
  private double[] ofCodes(Param<String> outputCol) {
    FeatureColumn code = column(outputCol);
    Dataset<Row> codes = dataset.select(expression(outputCol), weight());
    DataType type = codes.schema().apply(0).dataType();
    return sum(codes, rows -> List.of(addActive(rows, type, code)).iterator());
  }

  private static double[] addActive(Iterator<InternalRow> rows, DataType type, FeatureColumn code) {
    double[] sums = new double[1 + code.size()];
    FeatureReader reader = new FeatureReader(code, type, 0);
    float[] values = new float[code.size()];
    while (rows.hasNext()) {
      InternalRow row = rows.next();
      read(code, reader, row, values);
      double weight = weight(row, 1);
      sums[WEIGHT] += weight;
      for (int j = 0; j < values.length; j++) {
        sums[1 + j] += values[j] != 0f ? weight : 0;
      }
    }
    return sums;
  }

  /** The weights as doubles; a column of 1 where there is none. */
  private Column weight() {
    String name = evaluator.getOrDefault(weightCol);
    Schemas.checkWeightCol(dataset.schema(), name);
    return name.isEmpty() ? lit(1.0) : expression(weightCol).cast("double");
  }

  private static double weight(InternalRow row, int ordinal) {
    double weight = row.isNullAt(ordinal) ? Double.NaN : row.getDouble(ordinal);
    if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          Text.format(
              "a row of weightCol has the weight %s; it must be 0 or more and finite",
              Double.isNaN(weight) ? "null or NaN" : weight));
    }
    return weight;
  }

  private FeatureColumn column(Param<String> param) {
    if (!evaluator.isDefined(param)) {
      throw new IllegalArgumentException(
          Text.format("%s must be set for metric '%s'", param.name(), metric));
    }
    return FeatureColumn.of(dataset, param.name(), evaluator.getOrDefault(param), noRows());
  }

  private String noRows() {
    return Text.format("there are no rows of weight above 0 to evaluate metric '%s' on", metric);
  }

  private Column expression(Param<String> param) {
    return ColumnPath.of(dataset.schema(), param.name(), evaluator.getOrDefault(param))
        .expression();
  }

  /** Adds in partition order. */
  private double[] sum(
      Dataset<Row> rows, FlatMapFunction<Iterator<InternalRow>, double[]> partition) {
    double[] total = null;
    JavaRDD<double[]> parts = CatalystRows.rdd(rows).mapPartitions(partition);
    for (double[] sums : SparkJobs.collect(parts, "evaluation")) {
      total = Sums.add(total, sums);
    }
    if (total == null || total[WEIGHT] == 0) {
      throw new IllegalArgumentException(noRows());
    }
    return total;
  }
}

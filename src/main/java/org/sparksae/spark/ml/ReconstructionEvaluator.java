package org.sparksae.spark.ml;

import static org.apache.spark.sql.functions.lit;

import com.esotericsoftware.kryo.DefaultSerializer;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.ml.evaluation.Evaluator;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
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
import org.sparksae.core.train.CodeStatistics;
import org.sparksae.core.train.Sums;
import org.sparksae.spark.data.CatalystRows;
import org.sparksae.spark.data.ColumnPath;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.data.FeatureReader;
import org.sparksae.spark.data.InvalidRowException;
import org.sparksae.spark.job.SparkJobs;
import org.sparksae.spark.ml.file.ParamsReader;
import org.sparksae.spark.ml.file.StageSerializer;
import org.sparksae.spark.ml.param.ParamGroup;
import org.sparksae.spark.ml.param.ParamSet;
import org.sparksae.spark.ml.param.Rule;
import org.sparksae.spark.ml.param.SharedParams;
import org.sparksae.spark.ml.transform.Schemas;

/**
 * How well rows are reconstructed, and how sparse their codes are.
 *
 * <p>With w the weight of a row, 1 without {@code weightCol}, and W the sum of the weights:
 *
 * <table>
 *   <caption>metrics</caption>
 *   <tr><th>metricName</th><th>value</th><th>columns</th><th>better</th></tr>
 *   <tr><td>mse</td><td>(1/(W d)) sum of w |x_hat - x|^2</td><td>inputCol, reconstructionCol</td><td>smaller</td></tr>
 *   <tr><td>explainedVariance</td><td>1 - sum of w |x - x_hat|^2 / sum of w |x - mean x|^2</td>
 *       <td>inputCol, reconstructionCol</td><td>larger</td></tr>
 *   <tr><td>l0</td><td>mean number of non-zeros of a code</td><td>outputCol</td><td>smaller</td></tr>
 *   <tr><td>deadFraction</td><td>share of the code's values that are zero in every row</td><td>outputCol</td><td>smaller</td></tr>
 * </table>
 *
 * <p>The columns are those that {@link AutoencoderModel#transform} was told to make. Rows of weight
 * 0 do not count. On the training rows, with their {@code weightCol}, the values are those of
 * {@link SparseAutoencoderTrainingSummary#statistics()}; a map of a convolution, which is one unit
 * there, is as many values here. Without rows of weight above 0 a metric is an error. Where all
 * rows are equal, explainedVariance is 1 for a perfect reconstruction and else 0.
 */
@DefaultSerializer(StageSerializer.class)
public final class ReconstructionEvaluator extends Evaluator
    implements ParamGroup,
        SharedParams.Input,
        SharedParams.Output,
        SharedParams.Weights,
        DefaultParamsWritable {
  private static final long serialVersionUID = 1L;
  private static final String MSE = "mse";
  private static final String EXPLAINED_VARIANCE = "explainedVariance";
  private static final String L0 = "l0";
  private static final String DEAD_FRACTION = "deadFraction";
  private static final List<String> METRICS = List.of(MSE, EXPLAINED_VARIANCE, L0, DEAD_FRACTION);

  private static final int WEIGHT = 0;
  private static final int SQUARED_ERROR = 1;
  private static final int SQUARED_INPUT = 2;
  private static final int INPUTS = 3;

  private final String uid;
  private final ParamSet params;

  /** An evaluator with a uid of its own. */
  public ReconstructionEvaluator() {
    this(Identifiable$.MODULE$.randomUID("reconstructionEvaluator"));
  }

  /** An evaluator with a given uid. */
  public ReconstructionEvaluator(String uid) {
    this.uid = uid;
    this.params = new ParamSet(this);
    params.makeAll();
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public ParamSet paramSet() {
    return params;
  }

  /** mse, explainedVariance (default), l0 or deadFraction. */
  public Param<String> metricName() {
    return params.text(
        "metricName",
        "what is measured; of mse, l0 and deadFraction less is better",
        Rule.oneOf(METRICS),
        EXPLAINED_VARIANCE);
  }

  /** The value of {@link #metricName()}. */
  public String getMetricName() {
    return getOrDefault(metricName());
  }

  /** Sets {@link #metricName()}. */
  public ReconstructionEvaluator setMetricName(String value) {
    set(metricName(), value);
    return this;
  }

  /** Column of the input rows. */
  @Override
  public Param<String> inputCol() {
    return params.text("inputCol", "column of the input rows", Rule.text());
  }

  /** Sets {@link #inputCol()}. */
  public ReconstructionEvaluator setInputCol(String value) {
    set(inputCol(), value);
    return this;
  }

  /** Column of the codes. */
  @Override
  public Param<String> outputCol() {
    return params.text("outputCol", "column of the codes", Rule.text());
  }

  /** Sets {@link #outputCol()}. */
  public ReconstructionEvaluator setOutputCol(String value) {
    set(outputCol(), value);
    return this;
  }

  /** Column of the reconstructions. */
  public Param<String> reconstructionCol() {
    return params.text("reconstructionCol", "column of the reconstructions", Rule.text());
  }

  /** The value of {@link #reconstructionCol()}. */
  public String getReconstructionCol() {
    return getOrDefault(reconstructionCol());
  }

  /** Sets {@link #reconstructionCol()}. */
  public ReconstructionEvaluator setReconstructionCol(String value) {
    set(reconstructionCol(), value);
    return this;
  }

  /** Column of row weights, 0 or more; empty for weight 1. */
  @Override
  public Param<String> weightCol() {
    return params.text(
        "weightCol", "column of row weights; empty: all rows weigh 1", Rule.text(), "");
  }

  /** Sets {@link #weightCol()}. */
  public ReconstructionEvaluator setWeightCol(String value) {
    set(weightCol(), value);
    return this;
  }

  @Override
  public boolean isLargerBetter() {
    return getMetricName().equals(EXPLAINED_VARIANCE);
  }

  /**
   * The metric over all rows.
   *
   * @throws IllegalArgumentException if a column is missing or of another type, or there are no
   *     rows
   */
  @Override
  public double evaluate(Dataset<?> dataset) {
    return switch (getMetricName()) {
      case MSE -> meanSquaredError(reconstructionSums(dataset));
      case EXPLAINED_VARIANCE -> explainedVariance(reconstructionSums(dataset));
      case L0 -> l0(activeCounts(dataset));
      default -> deadFraction(activeCounts(dataset));
    };
  }

  private static double meanSquaredError(double[] sums) {
    return sums[SQUARED_ERROR] / (sums[WEIGHT] * (sums.length - INPUTS));
  }

  private static double explainedVariance(double[] sums) {
    double squaredMean = 0;
    for (int j = INPUTS; j < sums.length; j++) {
      squaredMean += sums[j] * sums[j];
    }
    double variance = CodeStatistics.variance(sums[SQUARED_INPUT], squaredMean / sums[WEIGHT]);
    return CodeStatistics.explainedVariance(sums[SQUARED_ERROR], variance);
  }

  private static double l0(double[] sums) {
    double active = 0;
    for (int j = 1; j < sums.length; j++) {
      active += sums[j];
    }
    return active / sums[WEIGHT];
  }

  private static double deadFraction(double[] sums) {
    double dead = 0;
    for (int j = 1; j < sums.length; j++) {
      dead += sums[j] == 0 ? 1 : 0;
    }
    return dead / (sums.length - 1);
  }

  /** {@code [W, sum of w |x_hat - x|^2, sum of w |x|^2, sum of w x]}. */
  private double[] reconstructionSums(Dataset<?> dataset) {
    FeatureColumn input = column(dataset, inputCol());
    FeatureColumn reconstruction = column(dataset, reconstructionCol());
    if (input.size() != reconstruction.size()) {
      throw new IllegalArgumentException(
          Text.format(
              "inputCol '%s' has rows of %d values, but reconstructionCol '%s' of %d; they must be the same rows",
              input.name(), input.size(), reconstruction.name(), reconstruction.size()));
    }
    Dataset<Row> both =
        dataset.select(
            expression(dataset, inputCol()),
            expression(dataset, reconstructionCol()),
            weight(dataset));
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
  private double[] activeCounts(Dataset<?> dataset) {
    FeatureColumn code = column(dataset, outputCol());
    Dataset<Row> codes = dataset.select(expression(dataset, outputCol()), weight(dataset));
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
  private Column weight(Dataset<?> dataset) {
    String name = getOrDefault(weightCol());
    Schemas.checkWeightCol(dataset.schema(), name);
    return name.isEmpty() ? lit(1.0) : expression(dataset, weightCol()).cast("double");
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

  private FeatureColumn column(Dataset<?> dataset, Param<String> param) {
    if (!isDefined(param)) {
      throw new IllegalArgumentException(
          Text.format("%s must be set for metric '%s'", param.name(), getMetricName()));
    }
    return FeatureColumn.of(dataset, param.name(), getOrDefault(param), noRows());
  }

  private String noRows() {
    return Text.format(
        "there are no rows of weight above 0 to evaluate metric '%s' on", getMetricName());
  }

  private Column expression(Dataset<?> dataset, Param<String> param) {
    return ColumnPath.of(dataset.schema(), param.name(), getOrDefault(param)).expression();
  }

  /** Adds in partition order. */
  private double[] sum(
      Dataset<Row> rows, FlatMapFunction<Iterator<InternalRow>, double[]> partition) {
    double[] total = null;
    JavaRDD<double[]> parts = CatalystRows.rdd(rows).mapPartitions(partition);
    for (double[] sums : SparkJobs.run(parts.context(), "evaluation", parts::collect)) {
      total = Sums.add(total, sums);
    }
    if (total == null || total[WEIGHT] == 0) {
      throw new IllegalArgumentException(noRows());
    }
    return total;
  }

  @Override
  public ReconstructionEvaluator copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads what {@link #write()} saved. */
  public static MLReader<ReconstructionEvaluator> read() {
    return new ParamsReader<>(ReconstructionEvaluator.class, ReconstructionEvaluator::new);
  }

  /** Loads a saved evaluator. */
  public static ReconstructionEvaluator load(String path) {
    return read().load(path);
  }
}

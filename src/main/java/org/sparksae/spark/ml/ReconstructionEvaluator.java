package org.sparksae.spark.ml;

import com.esotericsoftware.kryo.DefaultSerializer;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.spark.ml.evaluation.Evaluator;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.sparksae.core.Text;
import org.sparksae.core.stats.ReconstructionMetrics;
import org.sparksae.spark.ml.evaluate.RowMetrics;
import org.sparksae.spark.ml.file.ParamsReader;
import org.sparksae.spark.ml.file.StageSerializer;
import org.sparksae.spark.ml.param.ParamGroup;
import org.sparksae.spark.ml.param.ParamSet;
import org.sparksae.spark.ml.param.Rule;
import org.sparksae.spark.ml.param.SharedParams;

/**
 * How well rows are reconstructed, and how sparse their codes are.
 *
 * <p>With w the weight of a row, 1 without {@code weightCol}, and W the sum of the weights:
 *
 * <table>
 *   <caption>metrics</caption>
 *   <tr><th>metricName</th><th>value</th><th>columns</th><th>better</th></tr>
 *   <tr><td>mse</td><td>(1/(W d)) sum of w |x_hat - x|^2</td><td>inputCol, reconstructionCol</td><td>smaller</td></tr>
 *   <tr><td>fvu</td><td>sum of w |x - x_hat|^2 / sum of w |x - mean x|^2</td>
 *       <td>inputCol, reconstructionCol</td><td>smaller</td></tr>
 *   <tr><td>explainedVariance</td><td>1 - fvu</td><td>inputCol, reconstructionCol</td><td>larger</td></tr>
 *   <tr><td>cosine</td><td>mean of x x_hat / (|x| |x_hat|)</td><td>inputCol, reconstructionCol</td><td>larger</td></tr>
 *   <tr><td>l0</td><td>mean number of non-zeros of a code</td><td>outputCol</td><td>smaller</td></tr>
 *   <tr><td>l1</td><td>mean sum of the magnitudes of a code's values</td><td>outputCol</td><td>smaller</td></tr>
 *   <tr><td>deadFraction</td><td>share of the code's values that are zero in every row</td><td>outputCol</td><td>smaller</td></tr>
 *   <tr><td>denseFraction</td><td>share of the code's values that are not zero in more than a tenth of the rows</td>
 *       <td>outputCol</td><td>smaller</td></tr>
 * </table>
 *
 * <p>Here x is the row that x_hat reconstructs: that of {@code targetCol}, if a transcoder's rows
 * are measured, otherwise that of {@code inputCol}. The columns are the output columns of {@link
 * AutoencoderModel#transform}. Rows of weight 0 do not count. On the training rows, with their
 * {@code weightCol}, the values equal those of {@link
 * SparseAutoencoderTrainingSummary#statistics()}; there, however, a map of a convolution is one
 * unit, while here each of its values counts. Without rows of weight above 0 every metric is an
 * error. If all rows are equal, fvu is 0 for a perfect reconstruction, otherwise 1. The cosine of a
 * row is 1 if it and its reconstruction are 0, and 0 if only one of them is.
 *
 * <p>The columns do not have the reconstructions of {@code matryoshkaWidths}, for which a decoder
 * is needed: {@link AutoencoderModel#evaluate} gives their errors.
 */
@DefaultSerializer(StageSerializer.class)
public final class ReconstructionEvaluator extends Evaluator
    implements ParamGroup,
        SharedParams.Input,
        SharedParams.Output,
        SharedParams.Weights,
        DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  /** What is measured. */
  private enum Metric {
    MSE("mse", false, true, ReconstructionMetrics::meanSquaredError),
    FVU("fvu", false, true, ReconstructionMetrics::fvu),
    EXPLAINED_VARIANCE("explainedVariance", true, true, ReconstructionMetrics::explainedVariance),
    COSINE("cosine", true, true, ReconstructionMetrics::cosine),
    L0("l0", false, false, ReconstructionMetrics::l0),
    L1("l1", false, false, ReconstructionMetrics::l1),
    DEAD_FRACTION("deadFraction", false, false, ReconstructionMetrics::deadFraction),
    DENSE_FRACTION("denseFraction", false, false, ReconstructionMetrics::denseFraction);

    private final String name;
    private final boolean isLargerBetter;
    private final boolean ofReconstructions;
    private final ToDoubleFunction<ReconstructionMetrics> value;

    Metric(
        String name,
        boolean isLargerBetter,
        boolean ofReconstructions,
        ToDoubleFunction<ReconstructionMetrics> value) {
      this.name = name;
      this.isLargerBetter = isLargerBetter;
      this.ofReconstructions = ofReconstructions;
      this.value = value;
    }

    static List<String> names() {
      return Arrays.stream(values()).map(metric -> metric.name).toList();
    }

    static Metric of(String name) {
      return Arrays.stream(values())
          .filter(metric -> metric.name.equals(name))
          .findFirst()
          .orElseThrow();
    }
  }

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

  @Override
  public String explainParam(Param<?> param) {
    return paramSet().explain(param);
  }

  /** mse, fvu, explainedVariance (default), cosine, l0, l1, deadFraction or denseFraction. */
  public Param<String> metricName() {
    return params.text(
        "metricName",
        "what is measured; of explainedVariance and cosine more is better, of the others less",
        Rule.oneOf(Metric.names()),
        Metric.EXPLAINED_VARIANCE.name);
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

  /** Column of the rows that a transcoder predicts; empty: inputCol. */
  public Param<String> targetCol() {
    return params.text(
        "targetCol",
        "column of the rows that a transcoder predicts; empty: inputCol",
        Rule.text(),
        "");
  }

  /** The value of {@link #targetCol()}. */
  public String getTargetCol() {
    return getOrDefault(targetCol());
  }

  /** Sets {@link #targetCol()}. */
  public ReconstructionEvaluator setTargetCol(String value) {
    set(targetCol(), value);
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
    return Metric.of(getMetricName()).isLargerBetter;
  }

  /**
   * The metric over all rows.
   *
   * @throws IllegalArgumentException if a column is missing or of another type, or there are no
   *     rows
   */
  @Override
  public double evaluate(Dataset<?> dataset) {
    Metric metric = Metric.of(getMetricName());
    String purpose = Text.format("metric '%s'", metric.name);
    return metric.value.applyAsDouble(
        measure(dataset, metric.ofReconstructions, !metric.ofReconstructions, purpose));
  }

  /**
   * All metrics whose columns are set, whatever {@link #metricName()} is, in one pass over the
   * rows. The others are NaN.
   *
   * @throws IllegalArgumentException if neither {@code inputCol} (or {@code targetCol}) and {@code
   *     reconstructionCol} nor {@code outputCol} are set; if a column is missing or of another
   *     type, or there are no rows
   */
  public ReconstructionMetrics getMetrics(Dataset<?> dataset) {
    boolean codes = isDefined(outputCol());
    boolean reconstructions = isDefined(compared()) && isDefined(reconstructionCol());
    return measure(dataset, reconstructions || !codes, codes, "metrics");
  }

  private ReconstructionMetrics measure(
      Dataset<?> dataset, boolean reconstructions, boolean codes, String purpose) {
    return new RowMetrics(dataset, this, weightCol(), purpose)
        .of(
            reconstructions ? List.of(compared(), reconstructionCol()) : List.of(),
            codes ? List.of(outputCol()) : List.of());
  }

  /** The Param that names the column that reconstructions are compared with. */
  private Param<String> compared() {
    return getTargetCol().isEmpty() ? inputCol() : targetCol();
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

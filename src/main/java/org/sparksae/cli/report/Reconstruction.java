package org.sparksae.cli.report;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.stat.Summarizer;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.sparksae.core.Text;
import org.sparksae.core.model.Sparsity;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.ml.AutoencoderModel;
import org.sparksae.spark.ml.ReconstructionEvaluator;

/**
 * How well a model reconstructs rows, and how sparse their codes are.
 *
 * @param preparation the stages that prepared the rows, empty if there are none; errors are on the
 *     scale of the prepared rows
 * @param codeSize values of a code
 * @param sparsity penalty of the layer that gives the codes; reports show its target
 * @param meanSquaredError mean over rows and values
 * @param l0 mean number of values of a code that are not 0
 * @param deadFraction share of the code's values that are 0 in every row
 * @param meanActivation mean over rows and values of the code
 */
public record Reconstruction(
    long rows,
    String preparation,
    int codeSize,
    Sparsity sparsity,
    double meanSquaredError,
    double explainedVariance,
    double l0,
    double deadFraction,
    double meanActivation) {

  /**
   * Measures transformed rows. The model's {@code weightCol} counts if the rows have it.
   *
   * @param model the model, with its columns of input, code and reconstruction set
   */
  public static Reconstruction of(AutoencoderModel<?> model, Dataset<Row> transformed) {
    boolean isWeighted = Arrays.asList(transformed.columns()).contains(model.getWeightCol());
    String weightCol = isWeighted ? model.getWeightCol() : "";
    ReconstructionEvaluator evaluator =
        new ReconstructionEvaluator()
            .setInputCol(model.getInputCol())
            .setOutputCol(model.getOutputCol())
            .setReconstructionCol(model.getReconstructionCol())
            .setWeightCol(weightCol);
    return new Reconstruction(
        transformed.count(),
        model.preparation(),
        model.outputSize(),
        model.spec().hiddenLayers().get(model.codeLayer() - 1).sparsity(),
        evaluator.setMetricName("mse").evaluate(transformed),
        evaluator.setMetricName("explainedVariance").evaluate(transformed),
        evaluator.setMetricName("l0").evaluate(transformed),
        evaluator.setMetricName("deadFraction").evaluate(transformed),
        meanActivation(transformed, model.getOutputCol(), weightCol));
  }

  private static double meanActivation(Dataset<Row> transformed, String code, String weightCol) {
    Column weight =
        weightCol.isEmpty() ? functions.lit(1.0) : functions.col(FeatureColumn.quote(weightCol));
    Row means =
        transformed
            .select(
                Summarizer.mean(
                    functions.col(FeatureColumn.quote(code)), weight.cast(DataTypes.DoubleType)))
            .head();
    return Arrays.stream(((Vector) means.get(0)).toArray()).average().orElse(0);
  }

  /** For a file. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rows", rows);
    if (!preparation.isEmpty()) {
      json.put("preparation", preparation);
    }
    json.put("meanSquaredError", meanSquaredError);
    json.put("explainedVariance", explainedVariance);
    json.put("l0", l0);
    json.put("deadFraction", deadFraction);
    json.put("meanActivation", meanActivation);
    return json;
  }

  /** For a person. */
  public List<String> text() {
    String target = sparsity.kind().hasTarget() ? line(", target %s", sparsity.target()) : "";
    return List.of(
        line(
            "Reconstruction of %,d rows%s",
            rows, preparation.isEmpty() ? "" : ", on the scale of rows prepared by " + preparation),
        line("  mean squared error  %.6g", meanSquaredError),
        line("  explained variance  %.4f", explainedVariance),
        line("  mean activation     %.4f%s", meanActivation, target),
        line("  active units (L0)   %.1f of %d", l0, codeSize),
        line("  dead units          %.1f %%", 100 * deadFraction));
  }

  private static String line(String format, Object... values) {
    return Text.format(format, values);
  }
}

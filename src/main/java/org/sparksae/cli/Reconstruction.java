package org.sparksae.cli;

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
 * What a model makes of rows.
 *
 * @param preparation of the rows, whose scale the errors are on; empty for none
 * @param sparsity of the layer whose codes they are, for its target
 * @param meanActivation of the code's values, over rows and values
 */
record Reconstruction(
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
   * Measures transformed rows, by their weights where they have the model's {@code weightCol}.
   *
   * @param model has named the columns of input, code and reconstruction
   */
  static Reconstruction of(AutoencoderModel<?> model, Dataset<Row> transformed) {
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

  Map<String, Object> json() {
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

  List<String> text() {
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

package org.sparksae.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparksae.core.Text;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.stats.FiringShares;
import org.sparksae.core.stats.NestedFvu;
import org.sparksae.core.stats.ReconstructionMetrics;
import org.sparksae.spark.ml.AutoencoderModel;
import org.sparksae.spark.ml.ReconstructionEvaluator;

/**
 * How well a model reconstructs rows, and how sparse their codes are.
 *
 * @param preparation the stages that prepared the rows, empty if there are none; errors are on the
 *     scale of the prepared rows
 * @param codeSize values of a code
 * @param sparsity penalty of the layer that gives the codes; reports show its target
 * @param metrics the figures
 * @param nested those of nested widths; empty if the model has none
 */
public record Reconstruction(
    String preparation,
    int codeSize,
    Sparsity sparsity,
    ReconstructionMetrics metrics,
    List<NestedFvu> nested) {

  /**
   * Measures transformed rows, with {@link #metrics} and the nested widths of the model.
   *
   * @param model the model, with its columns of input, target, code and reconstruction set
   */
  public static Reconstruction of(AutoencoderModel<?> model, Dataset<Row> transformed) {
    return new Reconstruction(
        model.preparation(),
        model.outputSize(),
        model.spec().hiddenLayers().get(model.codeLayer() - 1).sparsity(),
        metrics(model, transformed),
        nested(model, transformed));
  }

  /**
   * Compares the reconstructions of transformed rows with what the model reconstructs: its input
   * or, of a transcoder, its target. The model's {@code weightCol} counts if the rows have it.
   *
   * @param model the model, with its columns of input, target, code and reconstruction set
   */
  public static ReconstructionMetrics metrics(AutoencoderModel<?> model, Dataset<Row> transformed) {
    return new ReconstructionEvaluator()
        .setInputCol(model.getInputCol())
        .setTargetCol(model.getTargetCol())
        .setOutputCol(model.getOutputCol())
        .setReconstructionCol(model.getReconstructionCol())
        .setWeightCol(weightCol(model, transformed))
        .getMetrics(transformed);
  }

  private static String weightCol(AutoencoderModel<?> model, Dataset<Row> rows) {
    String weightCol = model.getWeightCol();
    return Arrays.asList(rows.columns()).contains(weightCol) ? weightCol : "";
  }

  /** The columns have only the reconstruction from the whole code, so the model decodes again. */
  private static List<NestedFvu> nested(AutoencoderModel<?> model, Dataset<Row> rows) {
    ParamMap weights = new ParamMap().put(model.weightCol(), weightCol(model, rows));
    return model.isDefined(model.matryoshkaWidths())
        ? model.copy(weights).evaluate(rows).nested()
        : List.of();
  }

  /** For a file. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rows", metrics.rows());
    if (!preparation.isEmpty()) {
      json.put("preparation", preparation);
    }
    json.put("meanSquaredError", metrics.meanSquaredError());
    json.put("explainedVariance", metrics.explainedVariance());
    json.put("fvu", metrics.fvu());
    new NestedFigures(nested).addTo(json);
    json.put("cosine", metrics.cosine());
    json.put("l0", metrics.l0());
    json.put("l1", metrics.l1());
    json.put("deadFraction", metrics.deadFraction());
    json.put("denseFraction", metrics.denseFraction());
    json.put("meanActivation", metrics.meanActivation());
    json.put("firingHistogram", FiringPicture.json(metrics.firing().histogram()));
    return json;
  }

  /** For a person. */
  public List<String> text() {
    String target = sparsity.kind().hasTarget() ? line(", target %s", sparsity.target()) : "";
    List<String> lines = new ArrayList<>();
    lines.add(
        line(
            "Reconstruction of %,d rows%s",
            metrics.rows(),
            preparation.isEmpty() ? "" : ", on the scale of rows prepared by " + preparation));
    lines.add(line("  mean squared error  %.6g", metrics.meanSquaredError()));
    lines.add(line("  explained variance  %.4f", metrics.explainedVariance()));
    lines.addAll(new NestedFigures(nested).text());
    lines.add(line("  cosine              %.4f", metrics.cosine()));
    lines.add(line("  mean activation     %.4f%s", metrics.meanActivation(), target));
    lines.add(line("  active units (L0)   %.1f of %d", metrics.l0(), codeSize));
    lines.add(line("  sum of a code (L1)  %.4g", metrics.l1()));
    lines.add(line("  dead units          %.1f %%", 100 * metrics.deadFraction()));
    lines.add(
        line(
            "  dense units         %.1f %%, active in more than %.0f %% of the rows",
            100 * metrics.denseFraction(), 100 * FiringShares.DENSE));
    return lines;
  }

  private static String line(String format, Object... values) {
    return Text.format(format, values);
  }
}

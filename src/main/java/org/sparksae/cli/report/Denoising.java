package org.sparksae.cli.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparksae.core.Text;
import org.sparksae.core.rows.Corruption;
import org.sparksae.spark.ml.ReconstructionEvaluator;

/**
 * How much nearer to the clean rows a model's reconstructions of corrupted rows are.
 *
 * <pre>
 * PSNR = 10 log10(1 / MSE) in dB, for values in [0, 1]
 * gain = 10 log10(MSE(corrupted, clean) / MSE(reconstruction, clean)) in dB
 * </pre>
 *
 * @param corruption how the rows were corrupted
 * @param corruptedError mean squared error of the corrupted rows, over all values
 * @param reconstructionError mean squared error of their reconstructions
 */
public record Denoising(
    long rows, Corruption corruption, double corruptedError, double reconstructionError) {

  /**
   * Measures rows.
   *
   * @param rows rows with the columns of {@link CorruptedRows} and a column of reconstructions
   */
  public static Denoising of(Dataset<Row> rows, String reconstructionCol, Corruption corruption) {
    return new Denoising(
        rows.count(),
        corruption,
        error(rows, CorruptedRows.CORRUPTED),
        error(rows, reconstructionCol));
  }

  private static double error(Dataset<Row> rows, String column) {
    return new ReconstructionEvaluator()
        .setInputCol(CorruptedRows.CLEAN)
        .setReconstructionCol(column)
        .setMetricName("mse")
        .evaluate(rows);
  }

  /** In dB; negative if reconstructions are farther from the clean rows than corrupted rows are. */
  double gain() {
    return decibels(corruptedError / reconstructionError);
  }

  private static double decibels(double ratio) {
    return 10 * Math.log10(ratio);
  }

  /** For a file. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rows", rows);
    json.put("corruption", corruption.kind().paramName());
    json.put("corruptionLevel", corruption.level());
    json.put("corruptedMeanSquaredError", corruptedError);
    json.put("meanSquaredError", reconstructionError);
    json.put("corruptedPsnr", decibels(1 / corruptedError));
    json.put("psnr", decibels(1 / reconstructionError));
    json.put("gain", gain());
    return json;
  }

  /** For a person. */
  public List<String> text() {
    return List.of(
        line(
            "Denoising of %,d rows, %s with level %s",
            rows, corruption.kind().paramName(), corruption.level()),
        line("  %-14s  %-18s  %s", "", "mean squared error", "PSNR"),
        line(
            "  %-14s  %-18.6g  %.2f dB", "corrupted", corruptedError, decibels(1 / corruptedError)),
        line(
            "  %-14s  %-18.6g  %.2f dB",
            "reconstruction", reconstructionError, decibels(1 / reconstructionError)),
        line("  %-14s  %-18s  %+.2f dB", "gain", "", gain()));
  }

  private static String line(String format, Object... values) {
    return Text.format(format, values);
  }
}

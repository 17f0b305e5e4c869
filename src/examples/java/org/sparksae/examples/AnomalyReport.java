package org.sparksae.examples;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.sparksae.core.Text;
import org.sparksae.examples.report.Spread;

/**
 * Reports the figures of an {@link AnomalyExperiment} for each class and over all classes. Means
 * and standard deviations are over the seeds.
 *
 * @param seeds seeds of the autoencoders
 * @param components numbers of principal components
 * @param results the result of each class
 */
record AnomalyReport(List<Long> seeds, int[] components, List<AnomalyExperiment.Result> results) {

  private static Spread spread(AnomalyExperiment.Result result, ToDoubleFunction<Ranking> figure) {
    return Spread.of(result.autoencoder().stream().mapToDouble(figure).toArray());
  }

  /** Spread of the mean over all classes. */
  private Spread spread(ToDoubleFunction<Ranking> figure) {
    return Spread.of(
        IntStream.range(0, seeds.size())
            .mapToDouble(
                seed ->
                    results.stream()
                        .mapToDouble(r -> figure.applyAsDouble(r.autoencoder().get(seed)))
                        .average()
                        .orElse(Double.NaN))
            .toArray());
  }

  private double mean(int size, ToDoubleFunction<Ranking> figure) {
    return results.stream()
        .mapToDouble(result -> figure.applyAsDouble(result.components().get(size)))
        .average()
        .orElse(Double.NaN);
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("seeds", seeds);
    json.put("components", components);
    List<Map<String, Object>> classes = new ArrayList<>();
    for (AnomalyExperiment.Result result : results) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("class", result.label());
      entry.put("rows", result.rows());
      entry.put("outlierShare", result.outlierShare());
      entry.put("auroc", result.autoencoder().stream().map(Ranking::auroc).toList());
      entry.put("auprc", result.autoencoder().stream().map(Ranking::auprc).toList());
      entry.put("flagged", result.flagged());
      entry.put("pcaAuroc", result.components().stream().map(Ranking::auroc).toList());
      entry.put("pcaAuprc", result.components().stream().map(Ranking::auprc).toList());
      classes.add(entry);
    }
    json.put("classes", classes);
    json.put("meanAuroc", spread(Ranking::auroc).mean());
    json.put("meanAuprc", spread(Ranking::auprc).mean());
    return json;
  }

  /** The heading of the lines of {@link #text}. */
  List<String> head() {
    StringBuilder head = new StringBuilder(line("%5s  %6s", "class", "rows"));
    head.append(line("  %-17s  %-17s", "AUROC", "AUPRC"));
    for (int count : components) {
      head.append(line("  %-16s", "PCA " + count));
    }
    head.append(hasFlags() ? "  flagged: own, others" : "");
    return List.of(
        line(
            "Outliers by reconstruction error: autoencoder, mean ± standard deviation over %d"
                + " seeds; PCA, AUROC and AUPRC",
            seeds.size()),
        head.toString());
  }

  private boolean hasFlags() {
    return results.stream().anyMatch(result -> !result.flagged().isEmpty());
  }

  /** One class in one line. */
  String text(AnomalyExperiment.Result result) {
    StringBuilder text = new StringBuilder(line("%5.0f  %,6d", result.label(), result.rows()));
    text.append(
        line("  %-17s  %-17s", spread(result, Ranking::auroc), spread(result, Ranking::auprc)));
    for (Ranking pca : result.components()) {
      text.append(line("  %.4f  %.4f  ", pca.auroc(), pca.auprc()));
    }
    if (!result.flagged().isEmpty()) {
      double own = result.flagged().stream().mapToDouble(f -> f[0]).average().orElse(Double.NaN);
      double others = result.flagged().stream().mapToDouble(f -> f[1]).average().orElse(Double.NaN);
      text.append(line("  %.1f %%, %.1f %%", 100 * own, 100 * others));
    }
    return text.toString();
  }

  /** All classes together. */
  List<String> summary() {
    StringBuilder text = new StringBuilder(line("%5s  %6s", "mean", ""));
    text.append(line("  %-17s  %-17s", spread(Ranking::auroc), spread(Ranking::auprc)));
    for (int size = 0; size < components.length; size++) {
      text.append(line("  %.4f  %.4f  ", mean(size, Ranking::auroc), mean(size, Ranking::auprc)));
    }
    double chance =
        results.stream().mapToDouble(AnomalyExperiment.Result::outlierShare).average().orElse(0);
    return List.of(text.toString(), line("by chance: AUROC 0.5, AUPRC %.4f", chance));
  }

  private static String line(String format, Object... values) {
    return Text.format(format, values);
  }
}

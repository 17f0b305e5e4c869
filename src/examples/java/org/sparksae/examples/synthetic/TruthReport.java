package org.sparksae.examples.synthetic;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.sparksae.core.Text;
import org.sparksae.core.stats.ReconstructionMetrics;
import org.sparksae.examples.report.Spread;

/**
 * Reports what kinds of models found, as mean and standard deviation over the seeds.
 *
 * @param seeds seeds of the trainings
 * @param kinds the kinds that are known so far
 */
record TruthReport(List<Long> seeds, List<Kind> kinds) {

  /** What is measured on the test rows, in the order of the table. */
  private static final Map<String, ToDoubleFunction<Figures>> COLUMNS = columns();

  /** A kind of model, with its figures for each seed. */
  record Kind(String name, List<Figures> figures) {}

  /** What one model reaches. */
  record Figures(Truth.Scores scores, ReconstructionMetrics metrics) {}

  private static Map<String, ToDoubleFunction<Figures>> columns() {
    Map<String, ToDoubleFunction<Figures>> columns = new LinkedHashMap<>();
    columns.put("f1", figures -> figures.scores().f1());
    columns.put("matchedF1", figures -> figures.scores().matchedF1());
    columns.put("mcc", figures -> figures.scores().mcc());
    columns.put("unique", figures -> figures.scores().unique());
    columns.put("explainedVariance", figures -> figures.metrics().explainedVariance());
    columns.put("l0", figures -> figures.metrics().l0());
    columns.put("deadFraction", figures -> figures.metrics().deadFraction());
    return columns;
  }

  /** The heading of the lines of {@link #text}. */
  String head() {
    StringBuilder head = new StringBuilder(Text.format("%-16s", "kind"));
    COLUMNS.keySet().forEach(name -> head.append(Text.format("  %-18s", name)));
    return head.toString().stripTrailing();
  }

  /** One kind in one line. */
  String text(Kind kind) {
    StringBuilder text = new StringBuilder(Text.format("%-16s", kind.name()));
    COLUMNS.values().forEach(of -> text.append(Text.format("  %-18s", spread(kind, of))));
    return text.toString().stripTrailing();
  }

  private static Spread spread(Kind kind, ToDoubleFunction<Figures> column) {
    return Spread.of(kind.figures().stream().mapToDouble(column).toArray());
  }

  /** For a file: for each kind and column, the value of each seed. */
  Map<String, Object> json() {
    List<Map<String, Object>> entries = new ArrayList<>();
    for (Kind kind : kinds) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("kind", kind.name());
      COLUMNS.forEach(
          (name, of) -> entry.put(name, kind.figures().stream().mapToDouble(of).toArray()));
      entries.add(entry);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("seeds", seeds);
    json.put("kinds", entries);
    return json;
  }
}

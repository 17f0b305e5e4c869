package org.sparksae.examples.curves;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.sparksae.core.Text;
import org.sparksae.core.stats.ReconstructionMetrics;

/** The models of each kind, from few active latents to many. */
record CurvesReport(Map<String, List<Point>> kinds) {

  /** What is measured, in the order of the table. */
  private static final Map<String, ToDoubleFunction<ReconstructionMetrics>> COLUMNS = columns();

  /**
   * One model.
   *
   * @param settings what it has of the grid, such as {@code k = 8}
   * @param metrics what it reaches on the rows that measure
   */
  record Point(String settings, ReconstructionMetrics metrics) {}

  CurvesReport() {
    this(new LinkedHashMap<>());
  }

  private static Map<String, ToDoubleFunction<ReconstructionMetrics>> columns() {
    Map<String, ToDoubleFunction<ReconstructionMetrics>> columns = new LinkedHashMap<>();
    columns.put("l0", ReconstructionMetrics::l0);
    columns.put("fvu", ReconstructionMetrics::fvu);
    columns.put("cosine", ReconstructionMetrics::cosine);
    columns.put("deadFraction", ReconstructionMetrics::deadFraction);
    columns.put("denseFraction", ReconstructionMetrics::denseFraction);
    return columns;
  }

  /** Adds the models of one kind, in any order. */
  void add(String kind, List<Point> points) {
    kinds.put(
        kind,
        points.stream().sorted(Comparator.comparingDouble(point -> point.metrics().l0())).toList());
  }

  /** The heading of the lines of {@link #text}. */
  static String head() {
    StringBuilder head = new StringBuilder(Text.format("%-14s  %-26s", "kind", "settings"));
    COLUMNS.keySet().forEach(name -> head.append(Text.format("  %13s", name)));
    return head.toString();
  }

  /** One kind, a line for each model. */
  List<String> text(String kind) {
    return kinds.get(kind).stream().map(point -> line(kind, point)).toList();
  }

  private static String line(String kind, Point point) {
    StringBuilder line = new StringBuilder(Text.format("%-14s  %-26s", kind, point.settings()));
    COLUMNS
        .values()
        .forEach(
            column -> line.append(Text.format("  %13.4f", column.applyAsDouble(point.metrics()))));
    return line.toString();
  }

  /** For a file. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    kinds.forEach(
        (kind, points) -> json.put(kind, points.stream().map(CurvesReport::json).toList()));
    return json;
  }

  private static Map<String, Object> json(Point point) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("settings", point.settings());
    COLUMNS.forEach((name, column) -> json.put(name, column.applyAsDouble(point.metrics())));
    return json;
  }
}

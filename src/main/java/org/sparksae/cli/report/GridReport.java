package org.sparksae.cli.report;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sparksae.cli.job.Grid;
import org.sparksae.core.Text;
import org.sparksae.core.stats.CodeStatistics;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.spark.ml.AutoencoderModel;
import org.sparksae.spark.ml.SparseAutoencoderTrainingSummary;
import org.sparksae.spark.ml.TrainingStage;

/** Compares the models of a grid: as CSV and JSON for programs, and as a table for a person. */
public final class GridReport {
  private final Grid grid;
  private final List<Line> lines = new ArrayList<>();

  /**
   * What is known of one model.
   *
   * @param point its settings
   * @param directory where it is, below the job's {@code output.dir}
   * @param objective of the last iteration; NaN if there was none
   * @param seconds of training, without reading and measuring
   * @param warnings their kinds
   */
  record Line(
      Grid.Point point,
      String directory,
      CodeStatistics statistics,
      double objective,
      double seconds,
      List<String> warnings) {

    double l0() {
      return statistics.l0();
    }

    double explainedVariance() {
      return statistics.explainedVariance();
    }

    /** Measured values, for programs; null for one that is not a number. */
    private Map<String, Object> figures() {
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("explainedVariance", finite(statistics.explainedVariance()));
      figures.put("meanSquaredError", finite(statistics.meanSquaredError()));
      figures.put("l0", finite(statistics.l0()));
      figures.put("deadUnits", statistics.deadUnits().length);
      figures.put("objective", finite(objective));
      figures.put("seconds", seconds);
      return figures;
    }

    private static Double finite(double value) {
      return Double.isFinite(value) ? value : null;
    }
  }

  public GridReport(Grid grid) {
    this.grid = grid;
  }

  /**
   * Adds a model that was just trained.
   *
   * @param directory where it is, below the job's {@code output.dir}
   */
  public void add(Grid.Point point, AutoencoderModel<?> model, String directory) {
    SparseAutoencoderTrainingSummary summary = model.summary();
    List<IterationRecord> history = summary.history();
    add(
        new Line(
            point,
            directory,
            summary.statistics(),
            history.isEmpty() ? Double.NaN : history.get(history.size() - 1).terms().total(),
            seconds(summary),
            summary.warnings().stream().map(warning -> warning.kind().name()).toList()));
  }

  void add(Line line) {
    lines.add(line);
  }

  private static double seconds(SparseAutoencoderTrainingSummary summary) {
    return summary.stages().stream()
        .map(TrainingStage::history)
        .flatMap(List::stream)
        .mapToDouble(IterationRecord::seconds)
        .sum();
  }

  Grid grid() {
    return grid;
  }

  /** The models by ascending L0. */
  List<Line> byActiveUnits() {
    return lines.stream().sorted(Comparator.comparingDouble(Line::l0)).toList();
  }

  private Stream<Line> byNumber() {
    return lines.stream().sorted(Comparator.comparingInt(line -> line.point().number()));
  }

  /** All models by their numbers, for a file. */
  public Map<String, Object> json() {
    return Map.of("models", byNumber().map(GridReport::json).toList());
  }

  private static Map<String, Object> json(Line line) {
    Map<String, Object> settings = new LinkedHashMap<>();
    line.point().settings().forEach((key, value) -> settings.put(key, value.value().unwrapped()));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("number", line.point().number());
    json.put("settings", settings);
    json.putAll(line.figures());
    json.put("warnings", line.warnings());
    json.put("path", line.directory());
    return json;
  }

  /** All models by their numbers, with a heading, as UTF-8 with quotes where they are needed. */
  public byte[] csv() {
    List<String> heading = new ArrayList<>(List.of("number"));
    heading.addAll(grid.keys());
    heading.addAll(
        List.of(
            "explainedVariance",
            "meanSquaredError",
            "l0",
            "deadUnits",
            "objective",
            "seconds",
            "warnings",
            "path"));
    return Stream.concat(Stream.of(heading), byNumber().map(this::fields))
        .map(fields -> fields.stream().map(GridReport::quoted).collect(Collectors.joining(",")))
        .map(text -> text + "\n")
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.UTF_8);
  }

  private List<String> fields(Line line) {
    List<String> fields = new ArrayList<>(List.of(line.point().name()));
    grid.keys().forEach(key -> fields.add(line.point().setting(key)));
    line.figures().values().forEach(value -> fields.add(value == null ? "" : value.toString()));
    fields.add(String.join(" ", line.warnings()));
    fields.add(line.directory());
    return fields;
  }

  private static String quoted(String field) {
    return field.matches("[^\",\r\n]*") ? field : '"' + field.replace("\"", "\"\"") + '"';
  }

  /** A table for a person, sorted by active units. */
  public List<String> text() {
    List<List<String>> table = new ArrayList<>();
    List<String> heading = new ArrayList<>(List.of("number"));
    heading.addAll(grid.keys());
    heading.addAll(
        List.of("active (L0)", "explained variance", "dead units", "seconds", "warnings"));
    table.add(heading);
    byActiveUnits().forEach(line -> table.add(row(line)));
    return aligned(table);
  }

  private List<String> row(Line line) {
    List<String> row = new ArrayList<>(List.of(line.point().name()));
    grid.keys().forEach(key -> row.add(line.point().setting(key)));
    row.add(Text.format("%.1f", line.l0()));
    row.add(Text.format("%.4f", line.explainedVariance()));
    row.add(Integer.toString(line.statistics().deadUnits().length));
    row.add(Text.format("%.1f", line.seconds()));
    row.add(Integer.toString(line.warnings().size()));
    return row;
  }

  private static List<String> aligned(List<List<String>> table) {
    List<String> lines = new ArrayList<>();
    for (List<String> row : table) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        line.append(Text.format("  %" + width(table, column) + "s", row.get(column)));
      }
      lines.add(line.toString());
    }
    return lines;
  }

  private static int width(List<List<String>> table, int column) {
    return table.stream().mapToInt(row -> row.get(column).length()).max().orElseThrow();
  }
}

package org.sparksae.cli.report;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
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
  /** Columns of the CSV file after the grid's keys. */
  private static final List<String> COLUMNS =
      List.of(
          "explainedVariance",
          "meanSquaredError",
          "l0",
          "deadUnits",
          "objective",
          "seconds",
          "warnings",
          "error",
          "path");

  private final Grid grid;
  private final List<Line> lines = new ArrayList<>();
  private final List<Failure> failures = new ArrayList<>();

  /**
   * A model that could not be trained.
   *
   * @param point its settings
   * @param reason why, in one line
   */
  private record Failure(Grid.Point point, String reason) {}

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

  /**
   * Adds a model that could not be trained.
   *
   * @param reason why, in one line
   */
  public void addFailure(Grid.Point point, String reason) {
    failures.add(new Failure(point, reason));
  }

  /** The models that could not be trained, each with its settings and the reason. */
  public List<String> failures() {
    return failures.stream()
        .map(
            failure ->
                Text.format(
                    "%s (%s): %s",
                    failure.point().name(), grid.describe(failure.point()), failure.reason()))
        .toList();
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

  /** The models that were trained, by ascending L0. */
  List<Line> byActiveUnits() {
    return lines.stream().sorted(Comparator.comparingDouble(Line::l0)).toList();
  }

  /** Something for each model, by the models' numbers. */
  private <T> Collection<T> byNumber(Function<Line, T> trained, Function<Failure, T> failed) {
    Map<Integer, T> all = new TreeMap<>();
    lines.forEach(line -> all.put(line.point().number(), trained.apply(line)));
    failures.forEach(failure -> all.put(failure.point().number(), failed.apply(failure)));
    return all.values();
  }

  /** All models by their numbers, for a file. */
  public Map<String, Object> json() {
    return Map.of("models", byNumber(GridReport::json, GridReport::json));
  }

  private static Map<String, Object> json(Line line) {
    Map<String, Object> json = json(line.point());
    json.putAll(line.figures());
    json.put("warnings", line.warnings());
    json.put("path", line.directory());
    return json;
  }

  private static Map<String, Object> json(Failure failure) {
    Map<String, Object> json = json(failure.point());
    json.put("error", failure.reason());
    return json;
  }

  private static Map<String, Object> json(Grid.Point point) {
    Map<String, Object> settings = new LinkedHashMap<>();
    point.settings().forEach((key, value) -> settings.put(key, value.value().unwrapped()));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("number", point.number());
    json.put("settings", settings);
    return json;
  }

  /** All models by their numbers, with a heading, as UTF-8 with quotes where they are needed. */
  public byte[] csv() {
    List<String> heading = new ArrayList<>(List.of("number"));
    heading.addAll(grid.keys());
    heading.addAll(COLUMNS);
    return Stream.concat(Stream.of(heading), byNumber(this::fields, this::fields).stream())
        .map(fields -> fields.stream().map(GridReport::quoted).collect(Collectors.joining(",")))
        .map(text -> text + "\n")
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.UTF_8);
  }

  private List<String> fields(Line line) {
    List<String> fields = settings(line.point());
    line.figures().values().forEach(value -> fields.add(value == null ? "" : value.toString()));
    fields.add(String.join(" ", line.warnings()));
    fields.add("");
    fields.add(line.directory());
    return fields;
  }

  private List<String> fields(Failure failure) {
    List<String> fields = settings(failure.point());
    COLUMNS.forEach(column -> fields.add(column.equals("error") ? failure.reason() : ""));
    return fields;
  }

  /** The number and the settings of a model. */
  private List<String> settings(Grid.Point point) {
    List<String> settings = new ArrayList<>(List.of(point.name()));
    grid.keys().forEach(key -> settings.add(point.setting(key)));
    return settings;
  }

  private static String quoted(String field) {
    return field.matches("[^\",\r\n]*") ? field : '"' + field.replace("\"", "\"\"") + '"';
  }

  /** A table for a person, sorted by active units; models that failed come last. */
  public List<String> text() {
    List<List<String>> table = new ArrayList<>();
    List<String> heading = new ArrayList<>(List.of("number"));
    heading.addAll(grid.keys());
    heading.addAll(
        List.of("active (L0)", "explained variance", "dead units", "seconds", "warnings"));
    table.add(heading);
    byActiveUnits().forEach(line -> table.add(row(line)));
    failures.forEach(failure -> table.add(row(failure)));
    return aligned(table);
  }

  private List<String> row(Line line) {
    List<String> row = settings(line.point());
    row.add(Text.format("%.1f", line.l0()));
    row.add(Text.format("%.4f", line.explainedVariance()));
    row.add(Integer.toString(line.statistics().deadUnits().length));
    row.add(Text.format("%.1f", line.seconds()));
    row.add(Integer.toString(line.warnings().size()));
    return row;
  }

  private List<String> row(Failure failure) {
    List<String> row = settings(failure.point());
    row.addAll(List.of("failed", "", "", "", ""));
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

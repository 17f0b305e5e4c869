package org.sparksae.cli.report;

import static org.apache.spark.sql.functions.col;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparksae.cli.job.InputTable;
import org.sparksae.cli.job.TopRowsSettings;
import org.sparksae.core.Text;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.ml.AutoencoderModel;

/**
 * Shows what a sample of units stands for: the rows with the highest codes of each unit, named by
 * one of their columns, such as a word.
 *
 * <p>The sample is drawn with a seed from the units that are above 0 in some row. Rows with equal
 * codes are ordered by name.
 */
public final class TopRows implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final String NAME = "name";
  private static final String CODE = "code";

  private static final StructType ENTRIES =
      new StructType()
          .add("unit", DataTypes.IntegerType, false)
          .add("name", DataTypes.StringType, false)
          .add("value", DataTypes.DoubleType, false);

  private final String column;
  private final int units;
  private final int rows;
  private final long seed;

  /** A row's name and its value of the unit, above 0. */
  public record Entry(String name, double value) implements Comparable<Entry> {
    /** The lower value first; among equal values the later name. */
    @Override
    public int compareTo(Entry other) {
      int byValue = Double.compare(value, other.value);
      return byValue != 0 ? byValue : other.name.compareTo(name);
    }
  }

  /** Takes column, units, rows and seed from the settings. */
  public TopRows(TopRowsSettings settings) {
    this.column = settings.column();
    this.units = settings.units();
    this.rows = settings.rows();
    this.seed = settings.seed();
  }

  /**
   * Checks that the rows have the column.
   *
   * @param section the rows' section in the job file, for the message
   */
  public void check(InputTable table, String section) {
    if (!Arrays.asList(table.rows().schema().fieldNames()).contains(column)) {
      throw new IllegalArgumentException(
          Text.format(
              "evaluate.topRows.column: there is no column '%s' in %s; the columns are %s",
              column, section, String.join(", ", table.rows().schema().fieldNames())));
    }
  }

  /** The sampled units by number, each with its rows, the highest value first. */
  public Map<Integer, List<Entry>> of(
      AutoencoderModel<?> model, Dataset<Row> encoded, String codeCol) {
    Dataset<Row> named =
        encoded.select(
            col(FeatureColumn.quote(column)).cast("string").as(NAME),
            col(FeatureColumn.quote(codeCol)).as(CODE));
    int codeSize = model.outputSize();
    MapPartitionsFunction<Row, Row> highestOfPartition =
        partition -> {
          List<PriorityQueue<Entry>> highest = queues(codeSize);
          partition.forEachRemaining(row -> add(row, highest));
          return rows(highest).iterator();
        };
    List<PriorityQueue<Entry>> highest = queues(codeSize);
    named
        .mapPartitions(highestOfPartition, Encoders.row(ENTRIES))
        .collectAsList()
        .forEach(
            row ->
                offer(new Entry(row.getString(1), row.getDouble(2)), highest.get(row.getInt(0))));
    Map<Integer, List<Entry>> sample = new LinkedHashMap<>();
    for (int unit : sample(highest)) {
      sample.put(unit, highest.get(unit).stream().sorted((a, b) -> b.compareTo(a)).toList());
    }
    return sample;
  }

  private static List<PriorityQueue<Entry>> queues(int units) {
    return Stream.generate(PriorityQueue<Entry>::new).limit(units).toList();
  }

  private void add(Row row, List<PriorityQueue<Entry>> highest) {
    SparseVector code = row.<Vector>getAs(1).toSparse();
    String name = row.isNullAt(0) ? "" : row.getString(0);
    for (int p = 0; p < code.indices().length; p++) {
      if (code.values()[p] > 0) {
        offer(new Entry(name, code.values()[p]), highest.get(code.indices()[p]));
      }
    }
  }

  private void offer(Entry entry, PriorityQueue<Entry> highest) {
    highest.add(entry);
    if (highest.size() > rows) {
      highest.poll();
    }
  }

  private static List<Row> rows(List<PriorityQueue<Entry>> highest) {
    List<Row> rows = new ArrayList<>();
    for (int unit = 0; unit < highest.size(); unit++) {
      for (Entry entry : highest.get(unit)) {
        rows.add(RowFactory.create(unit, entry.name(), entry.value()));
      }
    }
    return rows;
  }

  private int[] sample(List<PriorityQueue<Entry>> highest) {
    List<Integer> active = new ArrayList<>();
    for (int unit = 0; unit < highest.size(); unit++) {
      if (!highest.get(unit).isEmpty()) {
        active.add(unit);
      }
    }
    SplittableRandom random = new SplittableRandom(seed);
    int count = Math.min(units, active.size());
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i, active.size());
      active.set(i, active.set(j, active.get(i)));
    }
    return active.stream().limit(count).sorted().mapToInt(unit -> unit).toArray();
  }

  /** For a person. */
  public static List<String> text(Map<Integer, List<Entry>> sample) {
    List<String> lines = new ArrayList<>();
    lines.add("Rows with the highest codes");
    sample.forEach(
        (unit, entries) ->
            lines.add(
                Text.format(
                    "  unit %-6d %s",
                    unit, entries.stream().map(Entry::name).collect(Collectors.joining(", ")))));
    return lines;
  }

  /** For a file. */
  public static List<Map<String, Object>> json(Map<Integer, List<Entry>> sample) {
    List<Map<String, Object>> units = new ArrayList<>();
    sample.forEach(
        (unit, entries) -> {
          Map<String, Object> json = new LinkedHashMap<>();
          json.put("unit", unit);
          json.put("rows", entries.stream().map(Entry::name).toList());
          json.put("codes", entries.stream().map(Entry::value).toList());
          units.add(json);
        });
    return units;
  }
}

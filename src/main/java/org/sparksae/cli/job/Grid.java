package org.sparksae.cli.job;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.sparksae.core.Text;
import org.sparksae.spark.ml.AutoencoderEstimator;

/**
 * The models that a job trains on the same rows: all combinations of the values in the section
 * {@code grid}, each with the settings of {@code model}.
 *
 * @param keys the Params that differ, in alphabetical order
 * @param points the models; of two neighbours, the value of the last key changes first
 */
public record Grid(List<String> keys, List<Point> points) {
  static final String SECTION = "grid";

  /** More than this are a mistake rather than a plan: the job would publish nothing for days. */
  private static final int MOST_POINTS = 200;

  /** Params that all models of a grid share, because the job reads and prepares rows by them. */
  private static final Set<String> SHARED =
      Set.of("inputCol", "weightCol", "validationIndicatorCol", "handleInvalid", "imageShape");

  private static final String CHECKPOINTS = "checkpointDir";

  /**
   * One of the models.
   *
   * @param number its place among the points, from 0
   * @param settings the values of the grid's keys
   * @param model the section {@code model} with these values
   */
  public record Point(int number, Map<String, Value> settings, Section model) {

    /** Returns the name of its directory in {@code grid/}. */
    public String name() {
      return Text.format("%03d", number);
    }

    /** Returns a value as a job file would have it, such as {@code [64]}. */
    public String setting(String key) {
      ConfigValue value = settings.get(key).value();
      return value.unwrapped() instanceof String text
          ? text
          : value.render(ConfigRenderOptions.concise());
    }

    /** Returns the job's directory for its results. */
    Path directory(Path output) {
      return new Path(new Path(output, SECTION), name());
    }

    /** Returns its values as Params of an estimator that has those of {@code model}. */
    public ParamMap on(AutoencoderEstimator<?, ?> estimator) {
      ParamMap map = new ParamMap();
      settings.forEach((key, value) -> put(map, estimator.getParam(key), value));
      if (!estimator.getCheckpointDir().isEmpty()) {
        map.put(
            estimator.checkpointDir(), new Path(estimator.getCheckpointDir(), name()).toString());
      }
      return map;
    }

    @SuppressWarnings("unchecked")
    private static <T> void put(ParamMap map, Param<T> param, Value value) {
      map.put(param, (T) ParamSetter.convert(param, value));
    }
  }

  /**
   * Checks the section, which may be missing.
   *
   * @throws IllegalArgumentException if a key is not one of the Params that may differ or is set in
   *     {@code model} as well, a value is not a list of values for it, or there are too many models
   */
  static Optional<Grid> of(Section section, Section model) {
    AutoencoderEstimator<?, ?> estimator = ModelKind.of(model).create();
    section.only(
        ParamSetter.names(estimator).stream()
            .filter(name -> !SHARED.contains(name) && !name.equals(CHECKPOINTS))
            .toList());
    List<Map<String, Value>> combined = List.of(Map.of());
    for (Map.Entry<String, Value> entry : section.values().entrySet()) {
      String key = entry.getKey();
      model.find(key).ifPresent(other -> refuseTwice(entry.getValue(), other));
      List<Value> values = values(entry.getValue());
      values.forEach(value -> ParamSetter.set(estimator, estimator.getParam(key), value));
      combined = combined(combined, key, values);
      if (combined.size() > MOST_POINTS) {
        throw entry
            .getValue()
            .refusal(
                Text.format(
                    "makes the grid larger than %d models; take fewer values, or several jobs",
                    MOST_POINTS));
      }
    }
    return section.values().isEmpty()
        ? Optional.empty()
        : Optional.of(new Grid(List.copyOf(section.values().keySet()), points(combined, model)));
  }

  private static void refuseTwice(Value value, Value other) {
    throw value.refusal("is also set by " + other.place() + "; leave one of them out");
  }

  private static List<Value> values(Value of) {
    if (!(of.value() instanceof ConfigList list)) {
      throw of.wrong("a list of values, one for each model");
    }
    if (list.isEmpty()) {
      throw of.wrong("a list of values, at least one; or leave the key out");
    }
    return list.stream().map(item -> new Value(of.key(), item)).toList();
  }

  private static List<Map<String, Value>> combined(
      List<Map<String, Value>> before, String key, List<Value> values) {
    List<Map<String, Value>> combined = new ArrayList<>();
    for (Map<String, Value> settings : before) {
      for (Value value : values) {
        Map<String, Value> more = new LinkedHashMap<>(settings);
        more.put(key, value);
        combined.add(more);
      }
    }
    return combined;
  }

  private static List<Point> points(List<Map<String, Value>> settings, Section model) {
    List<Point> points = new ArrayList<>();
    for (Map<String, Value> values : settings) {
      points.add(new Point(points.size(), values, model.with(values)));
    }
    return points;
  }

  /** Returns the ParamMaps of all models on an estimator that has the Params of {@code model}. */
  public ParamMap[] on(AutoencoderEstimator<?, ?> estimator) {
    return points.stream().map(point -> point.on(estimator)).toArray(ParamMap[]::new);
  }

  /** Returns the model with a number, as the user gave it. */
  Point point(int number) {
    if (number < 0 || number >= points.size()) {
      throw new IllegalArgumentException(
          Text.format(
              "--grid must be in [0, %d], the numbers of the models in grid.csv, got %d",
              points.size() - 1, number));
    }
    return points.get(number);
  }

  /** Describes the settings of a model, such as {@code hiddenLayers = [64], k = 8}. */
  public String describe(Point point) {
    return keys.stream()
        .map(key -> key + " = " + point.setting(key))
        .collect(Collectors.joining(", "));
  }
}

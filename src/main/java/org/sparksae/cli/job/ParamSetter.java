package org.sparksae.cli.job;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;

/** Sets Params from a section, whose keys are the names of the Params, and lists their values. */
public final class ParamSetter {
  private ParamSetter() {}

  /** The names of all Params. */
  public static List<String> names(Params params) {
    return Arrays.stream(params.params()).map(Param::name).toList();
  }

  /**
   * Sets the Param of each key in a section.
   *
   * @param allowed names of the Params that may be set
   * @throws IllegalArgumentException if a key is not one of them, or a value has the wrong type or
   *     breaks the Param's rule
   */
  public static void set(Params params, Section section, List<String> allowed) {
    section.only(allowed);
    section.values().forEach((name, value) -> set(params, params.getParam(name), value));
  }

  /**
   * Sets a Param.
   *
   * @throws IllegalArgumentException if the value has the wrong type or breaks the Param's rule
   */
  static void set(Params params, Param<?> param, Value value) {
    Object converted = convert(param, value);
    try {
      params.set(param.name(), converted);
    } catch (IllegalArgumentException refused) {
      throw new IllegalArgumentException(value.place() + ": " + refused.getMessage(), refused);
    }
  }

  /**
   * Returns a value as the type of a Param.
   *
   * @throws IllegalArgumentException if it has another type
   */
  static Object convert(Param<?> param, Value value) {
    if (param instanceof IntParam) {
      return value.asInt();
    } else if (param instanceof LongParam) {
      return value.asLong();
    } else if (param instanceof DoubleParam) {
      return value.asDouble();
    } else if (param instanceof BooleanParam) {
      return value.asBoolean();
    } else if (param instanceof IntArrayParam) {
      return value.asInts();
    } else if (param instanceof DoubleArrayParam) {
      return value.asDoubles();
    } else if (param instanceof StringArrayParam) {
      return value.asTexts().toArray(String[]::new);
    }
    return value.asText();
  }

  /** The values of all Params that are set or have a default, in the order of their names. */
  public static Map<String, Object> values(Params params) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Param<?> param : params.params()) {
      if (params.isDefined(param)) {
        values.put(param.name(), params.getOrDefault(param));
      }
    }
    return values;
  }
}

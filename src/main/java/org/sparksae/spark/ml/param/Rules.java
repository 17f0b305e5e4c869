package org.sparksae.spark.ml.param;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.sparksae.core.Text;
import scala.Function1;

/** Checks of Param values, each refusing with the Param's name, the value and the rule. */
public final class Rules {
  private Rules() {}

  private interface Check<T> extends Serializable {
    boolean holds(T value);
  }

  private interface Rule extends Function1<Object, Object>, Serializable {}

  private static <T> Rule rule(String param, String rule, Check<T> check) {
    return value -> {
      @SuppressWarnings("unchecked")
      T typed = (T) value;
      if (value == null) {
        throw new IllegalArgumentException(
            Text.format(
                "%s must be %s, got null; to unset it, call clear(%s())", param, rule, param));
      }
      if (!check.holds(typed)) {
        throw new IllegalArgumentException(
            Text.format("%s must be %s, got %s", param, rule, describe(value)));
      }
      return true;
    };
  }

  private static String describe(Object value) {
    String text = Arrays.deepToString(new Object[] {value});
    return value instanceof String ? "'" + value + "'" : text.substring(1, text.length() - 1);
  }

  /** Any text. */
  @SuppressWarnings("unchecked")
  public static Function1<String, Object> text(String param) {
    return (Function1<String, Object>)
        (Function1<?, Object>) rule(param, "a text", (String value) -> true);
  }

  /** True or false. */
  public static Function1<Object, Object> flag(String param) {
    return rule(param, "true or false", (Boolean value) -> true);
  }

  /** Any whole number. */
  public static Function1<Object, Object> whole(String param) {
    return rule(param, "a whole number", (Long value) -> true);
  }

  public static Function1<Object, Object> finite(String param) {
    return rule(param, "finite", (Double value) -> Double.isFinite(value));
  }

  public static Function1<Object, Object> intAtLeast(String param, int least) {
    return rule(param, least + " or more", (Integer value) -> value >= least);
  }

  public static Function1<Object, Object> atLeastZero(String param) {
    return rule(
        param, "0 or more and finite", (Double value) -> value >= 0 && Double.isFinite(value));
  }

  public static Function1<Object, Object> below(String param, double end) {
    return rule(param, "in [0, " + end + ")", (Double value) -> value >= 0 && value < end);
  }

  public static Function1<Object, Object> positive(String param) {
    return rule(param, "above 0 and finite", (Double value) -> value > 0 && Double.isFinite(value));
  }

  public static Function1<Object, Object> share(String param) {
    return rule(param, "in (0, 1)", (Double value) -> value > 0 && value < 1);
  }

  @SuppressWarnings("unchecked")
  public static <T> Function1<T, Object> oneOf(String param, List<String> names) {
    return (Function1<T, Object>)
        (Function1<?, Object>)
            rule(
                param,
                "one of " + String.join(", ", names),
                (String value) -> names.contains(value));
  }

  @SuppressWarnings("unchecked")
  public static Function1<String[], Object> eachOneOf(String param, List<String> names) {
    return (Function1<String[], Object>)
        (Function1<?, Object>)
            rule(
                param,
                "a list of names among " + String.join(", ", names),
                (String[] value) ->
                    value.length > 0
                        && Arrays.stream(value).allMatch(n -> n != null && names.contains(n)));
  }

  @SuppressWarnings("unchecked")
  public static Function1<int[], Object> sizes(String param) {
    return (Function1<int[], Object>)
        (Function1<?, Object>)
            rule(
                param,
                "a list of at least one size, each 1 or more",
                (int[] value) -> value.length > 0 && Arrays.stream(value).allMatch(n -> n >= 1));
  }

  /** An image of grey or of red, green and blue. */
  @SuppressWarnings("unchecked")
  public static Function1<int[], Object> imageShape(String param) {
    return (Function1<int[], Object>)
        (Function1<?, Object>)
            rule(
                param,
                "[channels, height, width], each 1 or more, of 1 channel (luminance) or 3 (red, green, blue)",
                (int[] value) ->
                    value.length == 3
                        && (value[0] == 1 || value[0] == 3)
                        && value[1] >= 1
                        && value[2] >= 1);
  }

  @SuppressWarnings("unchecked")
  public static Function1<double[], Object> numbers(String param) {
    return (Function1<double[], Object>)
        (Function1<?, Object>)
            rule(
                param,
                "a list of at least one finite number",
                (double[] value) ->
                    value.length > 0 && Arrays.stream(value).allMatch(Double::isFinite));
  }
}

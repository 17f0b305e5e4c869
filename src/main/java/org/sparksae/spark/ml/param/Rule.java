package org.sparksae.spark.ml.param;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.sparksae.core.Text;
import scala.Function1;

/**
 * What the values of a Param must be.
 *
 * @param words what follows "must be" in messages, such as "above 0 and finite"
 * @param test the same as code; null never gets there
 */
public record Rule<T>(String words, Test<T> test) implements Serializable {

  /** A test that travels with its Param. */
  public interface Test<T> extends Serializable {
    boolean holds(T value);
  }

  /** The rule as a Param checks it: refuses with the Param's name, the value and the rule. */
  record Check<T>(String param, Rule<T> rule) implements Function1<Object, Object>, Serializable {

    @Override
    public Object apply(Object value) {
      if (value == null) {
        throw new IllegalArgumentException(
            Text.format(
                "%s must be %s, got null; to unset it, call clear(%s())",
                param, rule.words(), param));
      }
      @SuppressWarnings("unchecked") // The Param is of the rule's type.
      T typed = (T) value;
      if (!rule.test().holds(typed)) {
        throw new IllegalArgumentException(
            Text.format("%s must be %s, got %s", param, rule.words(), describe(value)));
      }
      return true;
    }

    private static String describe(Object value) {
      String text = Arrays.deepToString(new Object[] {value});
      return value instanceof String ? "'" + value + "'" : text.substring(1, text.length() - 1);
    }
  }

  /** Whether the type alone says it. */
  boolean isOpen() {
    return words.equals(text().words) || words.equals(whole().words);
  }

  /**
   * The rule for a Param of a name.
   *
   * @param <A> what Scala sees as the type of its values: T itself, or Object for a primitive
   */
  @SuppressWarnings("unchecked") // A value is a T, whatever Scala calls it.
  <A> Function1<A, Object> of(String param) {
    return (Function1<A, Object>) (Function1<?, Object>) new Check<>(param, this);
  }

  /** Any text; null is refused. */
  public static Rule<String> text() {
    return new Rule<>("a text", value -> true);
  }

  static Rule<Boolean> flag() {
    return new Rule<>("true or false", value -> true);
  }

  static Rule<Long> whole() {
    return new Rule<>("a whole number", value -> true);
  }

  static Rule<Double> finite() {
    return new Rule<>("finite", value -> Double.isFinite(value));
  }

  /** A whole number of at least {@code least}. */
  public static Rule<Integer> atLeast(int least) {
    return new Rule<>(least + " or more", value -> value >= least);
  }

  /** A whole number of 64 bits of at least {@code least}. */
  static Rule<Long> atLeastLong(long least) {
    return new Rule<>(least + " or more", value -> value >= least);
  }

  static Rule<Double> atLeastZero() {
    return new Rule<>("0 or more and finite", value -> value >= 0 && Double.isFinite(value));
  }

  static Rule<Double> positive() {
    return new Rule<>("above 0 and finite", value -> value > 0 && Double.isFinite(value));
  }

  /**
   * For a value that float32 arithmetic uses: a smaller one would be 0 there, a larger infinite.
   */
  static Rule<Double> positiveFloat() {
    return new Rule<>(
        "above 0 and finite in float32 (from 1.2e-38 to 3.4e38)",
        value -> value >= Float.MIN_NORMAL && value <= Float.MAX_VALUE);
  }

  /** From 0 to an end, without the end. */
  static Rule<Double> below(double end) {
    String text = end == Math.rint(end) ? Long.toString((long) end) : Double.toString(end);
    return new Rule<>("in [0, " + text + ")", value -> value >= 0 && value < end);
  }

  /** Between 0 and 1, without either. */
  static Rule<Double> share() {
    return new Rule<>("in (0, 1)", value -> value > 0 && value < 1);
  }

  /** One of some names. */
  public static Rule<String> oneOf(List<String> names) {
    return new Rule<>("one of " + String.join(", ", names), names::contains);
  }

  /** The name of one of the constants of an enum. */
  static <E> Rule<String> oneOf(E[] constants, Function<E, String> nameOf) {
    return oneOf(names(constants, nameOf));
  }

  /** One or more names of the constants of an enum. */
  static <E> Rule<String[]> eachOneOf(E[] constants, Function<E, String> nameOf) {
    List<String> names = names(constants, nameOf);
    return new Rule<>(
        "a list of names among " + String.join(", ", names),
        value ->
            value.length > 0 && Arrays.stream(value).allMatch(n -> n != null && names.contains(n)));
  }

  private static <E> List<String> names(E[] constants, Function<E, String> nameOf) {
    return Arrays.stream(constants).map(nameOf).toList();
  }

  static Rule<int[]> sizes() {
    return new Rule<>(
        "a list of at least one size, each 1 or more",
        value -> value.length > 0 && Arrays.stream(value).allMatch(n -> n >= 1));
  }

  static Rule<double[]> numbers() {
    return new Rule<>(
        "a list of at least one finite number",
        value -> value.length > 0 && Arrays.stream(value).allMatch(Double::isFinite));
  }

  /** The shape of a grey image or of one in red, green and blue. */
  public static Rule<int[]> imageShape() {
    return new Rule<>(
        "[channels, height, width], each 1 or more, of 1 channel (luminance) or 3 (red, green, blue)",
        value ->
            value.length == 3
                && (value[0] == 1 || value[0] == 3)
                && value[1] >= 1
                && value[2] >= 1);
  }
}

package org.sparksae.cli.job;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.sparksae.core.Text;

/**
 * A value of a job file. It is read as the type that its key needs; an error names the key, the
 * place, the value and the type.
 *
 * <p>Text such as {@code "7"} or {@code "true"} also counts as a number or a truth value, because
 * {@code --set} and environment variables only give text. A number does not count as text.
 *
 * @param key full path of the key, such as {@code model.maxIter}
 * @param value the value in the file
 */
public record Value(String key, ConfigValue value) {

  /** The key and the origin of its value, such as {@code model.maxIter (job.conf: 7)}. */
  public String place() {
    return Text.format("%s (%s)", key, value.origin().description());
  }

  public String asText() {
    if (value.valueType() == ConfigValueType.STRING) {
      return (String) value.unwrapped();
    }
    throw wrong(
        value.valueType() == ConfigValueType.NUMBER || value.valueType() == ConfigValueType.BOOLEAN
            ? "text; put it in quotes"
            : "text");
  }

  public int asInt() {
    try {
      return number("a whole number").intValueExact();
    } catch (ArithmeticException e) {
      throw wrong("a whole number of at most 32 bits");
    }
  }

  public int asPositiveInt() {
    int number = asInt();
    if (number < 1) {
      throw wrong("1 or more");
    }
    return number;
  }

  public long asLong() {
    try {
      return number("a whole number").longValueExact();
    } catch (ArithmeticException e) {
      throw wrong("a whole number of at most 64 bits");
    }
  }

  public double asDouble() {
    return number("a number").doubleValue();
  }

  public boolean asBoolean() {
    String text = scalar();
    if ("true".equals(text) || "false".equals(text)) {
      return Boolean.parseBoolean(text);
    }
    throw wrong("true or false");
  }

  public int[] asInts() {
    return list("a list of whole numbers", Value::asInt).stream().mapToInt(i -> i).toArray();
  }

  public List<Long> asLongs() {
    return list("a list of whole numbers", Value::asLong);
  }

  public double[] asDoubles() {
    return list("a list of numbers", Value::asDouble).stream().mapToDouble(d -> d).toArray();
  }

  public List<String> asTexts() {
    return list("a list of texts", Value::asText);
  }

  /** A list of sections, named by the key and a number from 1, such as {@code preprocess.1}. */
  List<Section> asSections() {
    String type = "a list of sections, [{ ... }, { ... }]";
    if (!(value instanceof ConfigList list)) {
      throw wrong(type);
    }
    List<Section> sections = new ArrayList<>();
    for (ConfigValue item : list) {
      if (!(item instanceof ConfigObject object)) {
        throw new Value(key, item).wrong(type);
      }
      sections.add(new Section(key + "." + (sections.size() + 1), object));
    }
    return sections;
  }

  /** Text, a number or a truth value as text, for options that Spark itself reads. */
  String asOption() {
    String text = scalar();
    if (text == null) {
      throw wrong("text, a number, true or false");
    }
    return text;
  }

  /** A single value counts as a list of one. */
  private <T> List<T> list(String type, Function<Value, T> read) {
    if (value instanceof ConfigList list) {
      return list.stream().map(item -> read.apply(new Value(key, item))).toList();
    }
    if (scalar() == null) {
      throw wrong(type);
    }
    return List.of(read.apply(this));
  }

  private BigDecimal number(String type) {
    try {
      return new BigDecimal(String.valueOf(scalar()).strip());
    } catch (NumberFormatException e) {
      throw wrong(type);
    }
  }

  /** The value as text; null if it is a list, a section or null. */
  private String scalar() {
    return switch (value.valueType()) {
      case STRING, NUMBER, BOOLEAN -> String.valueOf(value.unwrapped());
      default -> null;
    };
  }

  /** The exception for a value of the wrong type. */
  public IllegalArgumentException wrong(String type) {
    return refusal("must be " + type + ", got " + shown());
  }

  /** The exception for a value that breaks a rule. */
  public IllegalArgumentException refusal(String problem) {
    return new IllegalArgumentException(place() + " " + problem);
  }

  private String shown() {
    return value.valueType() == ConfigValueType.NULL
        ? "null; leave the key out to use its default"
        : value.render(ConfigRenderOptions.concise());
  }
}

package org.sparksae.cli;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.sparksae.core.Text;

/**
 * A value of a job file, read as the type that its key asks for, or refused by key, place, value
 * and type.
 *
 * <p>Text that reads as a number or a truth value is one, since {@code --set} and environment
 * variables give text only; a number is not text.
 *
 * @param key full path of the key, such as {@code model.maxIter}
 * @param value what the file says
 */
record Value(String key, ConfigValue value) {

  /** The key and where its value comes from, such as {@code model.maxIter (job.conf: 7)}. */
  String place() {
    return Text.format("%s (%s)", key, value.origin().description());
  }

  String asText() {
    if (value.valueType() == ConfigValueType.STRING) {
      return (String) value.unwrapped();
    }
    throw wrong(
        value.valueType() == ConfigValueType.NUMBER || value.valueType() == ConfigValueType.BOOLEAN
            ? "text; put it in quotes"
            : "text");
  }

  int asInt() {
    try {
      return number("a whole number").intValueExact();
    } catch (ArithmeticException e) {
      throw wrong("a whole number of at most 32 bits");
    }
  }

  int asPositiveInt() {
    int number = asInt();
    if (number < 1) {
      throw wrong("1 or more");
    }
    return number;
  }

  long asLong() {
    try {
      return number("a whole number").longValueExact();
    } catch (ArithmeticException e) {
      throw wrong("a whole number of at most 64 bits");
    }
  }

  double asDouble() {
    return number("a number").doubleValue();
  }

  boolean asBoolean() {
    String text = scalar();
    if ("true".equals(text) || "false".equals(text)) {
      return Boolean.parseBoolean(text);
    }
    throw wrong("true or false");
  }

  int[] asInts() {
    return list("a list of whole numbers", Value::asInt).stream().mapToInt(i -> i).toArray();
  }

  List<Long> asLongs() {
    return list("a list of whole numbers", Value::asLong);
  }

  double[] asDoubles() {
    return list("a list of numbers", Value::asDouble).stream().mapToDouble(d -> d).toArray();
  }

  List<String> asTexts() {
    return list("a list of texts", Value::asText);
  }

  /** A list of sections, named by key and number from 1: such as {@code preprocess.1}. */
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

  /** Text, number or truth value as text; for options that Spark reads itself. */
  String asOption() {
    String text = scalar();
    if (text == null) {
      throw wrong("text, a number, true or false");
    }
    return text;
  }

  /** A single value is a list of one. */
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

  /** Null for a list, a section and null. */
  private String scalar() {
    return switch (value.valueType()) {
      case STRING, NUMBER, BOOLEAN -> String.valueOf(value.unwrapped());
      default -> null;
    };
  }

  /** What to throw for a value of another type. */
  IllegalArgumentException wrong(String type) {
    return refusal("must be " + type + ", got " + shown());
  }

  /** What to throw for a value that breaks a rule. */
  IllegalArgumentException refusal(String problem) {
    return new IllegalArgumentException(place() + " " + problem);
  }

  private String shown() {
    return value.valueType() == ConfigValueType.NULL
        ? "null; leave the key out to have its default"
        : value.render(com.typesafe.config.ConfigRenderOptions.concise());
  }
}

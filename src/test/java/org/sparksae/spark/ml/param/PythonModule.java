package org.sparksae.spark.ml.param;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;

/** Writes Python classes with the Params of Java stages. */
final class PythonModule {
  private static final int LINE = 100;

  private final StringBuilder text = new StringBuilder();

  /**
   * A kind of Param.
   *
   * @param value type of what the getter returns
   * @param accepted type of what the setter takes
   * @param converter name of the function that makes one of the other
   */
  private record Kind(String value, String accepted, String converter) {}

  private static final Map<Class<?>, Kind> KINDS =
      Map.of(
          IntParam.class, new Kind("int", "Whole", "toInt"),
          LongParam.class, new Kind("int", "Whole", "toInt"),
          DoubleParam.class, new Kind("float", "Number", "toFloat"),
          BooleanParam.class, new Kind("bool", "Flag", "toBoolean"),
          IntArrayParam.class, new Kind("List[int]", "Wholes", "toListInt"),
          DoubleArrayParam.class, new Kind("List[float]", "Numbers", "toListFloat"),
          StringArrayParam.class, new Kind("List[str]", "Texts", "toListString"),
          Param.class, new Kind("str", "str", "toString"));

  @Override
  public String toString() {
    return text.toString().stripTrailing() + "\n";
  }

  void add(String... lines) {
    for (String line : lines) {
      text.append(line).append('\n');
    }
  }

  /** The head of a class; what is added next is its body. */
  void open(String name, List<String> bases, String about) {
    add("", "");
    String line = "class " + name + "(" + String.join(", ", bases) + "):";
    if (line.length() <= LINE) {
      add(line);
    } else {
      add("class " + name + "(");
      bases.forEach(base -> add("    " + base + ","));
      add("):");
    }
    List<String> lines = wrapped(about, LINE - 10);
    add(
        "    \"\"\""
            + String.join("\n    ", lines)
            + (lines.size() == 1 ? "" : "\n    ")
            + "\"\"\"");
  }

  void params(List<Param<?>> params) {
    add("");
    for (Param<?> param : params) {
      Kind kind = kind(param);
      add(
          "    " + param.name() + ": Param[" + kind.value() + "] = Param(",
          "        Params._dummy(),",
          "        \"" + param.name() + "\",");
      addLiteral(param.doc());
      add("        typeConverter=" + kind.converter() + ",", "    )");
    }
  }

  /** The constructor of a class of Params; every class that inherits it has the defaults. */
  void defaults(Params stage, List<Param<?>> params) {
    add("", "    def __init__(self, *args: Any) -> None:", "        super().__init__(*args)");
    setDefaults(stage, params);
  }

  /** The constructor of a stage: its Params as keywords. */
  void keywords(Params stage, List<Param<?>> withDefaults) {
    add("", "    @keyword_only", "    def __init__(", "        self,", "        *,");
    for (Param<?> param : params(stage, any -> true)) {
      add("        " + param.name() + ": Optional[" + kind(param).accepted() + "] = None,");
    }
    add("    ) -> None:", "        super().__init__()");
    setDefaults(stage, withDefaults);
    add("        self._setGiven(self._input_kwargs)");
  }

  private void setDefaults(Params stage, List<Param<?>> params) {
    List<Param<?>> with = params.stream().filter(stage::hasDefault).toList();
    if (!with.isEmpty()) {
      add("        self._setDefault(");
      for (Param<?> param : with) {
        String value = python(stage.uid(), stage.getDefault(param).get());
        add("            " + param.name() + "=" + value + ",");
      }
      add("        )");
    }
  }

  void getters(List<Param<?>> params) {
    for (Param<?> param : params) {
      add(
          "",
          "    def get" + capital(param) + "(self) -> " + kind(param).value() + ":",
          "        \"\"\"The value of :attr:`" + param.name() + "`.\"\"\"",
          "        return self.getOrDefault(self." + param.name() + ")");
    }
  }

  void setters(List<Param<?>> params) {
    for (Param<?> param : params) {
      add(
          "",
          "    def set" + capital(param) + "(self: S, value: " + kind(param).accepted() + ") -> S:",
          "        \"\"\"Sets :attr:`" + param.name() + "`.\"\"\"",
          "        return self._set(" + param.name() + "=value)");
    }
  }

  private static String python(String uid, Object value) {
    if (value instanceof String string) {
      return string.startsWith(uid)
          ? "self.uid + " + quoted(string.substring(uid.length()))
          : quoted(string);
    }
    if (value instanceof Boolean flag) {
      return flag ? "True" : "False";
    }
    if (value instanceof String[] texts) {
      return Arrays.stream(texts)
          .map(PythonModule::quoted)
          .collect(Collectors.joining(", ", "[", "]"));
    }
    String text = Arrays.deepToString(new Object[] {value});
    return text.substring(1, text.length() - 1);
  }

  /** A long text as strings of a line each, which Python joins. */
  private void addLiteral(String value) {
    List<String> lines = wrapped(value, LINE - 12);
    for (String line : lines.subList(0, lines.size() - 1)) {
      add("        " + quoted(line + " "));
    }
    add("        " + quoted(lines.get(lines.size() - 1)) + ",");
  }

  private static List<String> wrapped(String value, int width) {
    StringBuilder lines = new StringBuilder();
    int length = 0;
    for (String word : value.split(" ")) {
      boolean fits = length + 1 + word.length() <= width;
      lines.append(length == 0 ? "" : fits ? " " : "\n").append(word);
      length = (length == 0 || !fits ? 0 : length + 1) + word.length();
    }
    return lines.toString().lines().toList();
  }

  private static String quoted(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static Kind kind(Param<?> param) {
    Class<?> type = param.getClass();
    while (!KINDS.containsKey(type)) {
      type = type.getSuperclass();
    }
    return KINDS.get(type);
  }

  private static String capital(Param<?> param) {
    String name = param.name();
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  static List<Param<?>> params(Params stage, Predicate<Param<?>> which) {
    return Arrays.<Param<?>>stream(stage.params())
        .filter(which)
        .sorted(Comparator.comparing(Param::name))
        .toList();
  }

  /** Whether a stage has a setter for a Param. */
  static boolean isSetOn(Params stage, Param<?> param) {
    String setter = "set" + capital(param);
    return Arrays.stream(stage.getClass().getMethods())
        .anyMatch(method -> method.getName().equals(setter));
  }
}

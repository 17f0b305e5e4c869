package org.sparksae.core.model;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.sparksae.core.Text;

/** Finds constants by the names that users write. */
final class Names {
  private Names() {}

  static <T> T parse(String param, String name, T[] values, Function<T, String> nameOf) {
    for (T value : values) {
      if (nameOf.apply(value).equals(name)) {
        return value;
      }
    }
    String known = Arrays.stream(values).map(nameOf).collect(Collectors.joining(", "));
    throw new IllegalArgumentException(
        Text.format("%s must be one of %s; got '%s'", param, known, name));
  }
}

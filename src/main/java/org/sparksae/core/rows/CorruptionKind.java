package org.sparksae.core.rows;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.sparksae.core.Text;

/** What is done to a row before the encoder sees it in training. */
public enum CorruptionKind {
  /** Nothing. */
  NONE("none"),

  /** Each value is 0 with a probability. */
  MASKING("masking"),

  /** A normal number of mean 0 and a standard deviation is added to each value. */
  GAUSSIAN("gaussian"),

  /** Each value is 0 or 1, the ends of the range [0, 1], with half a probability each. */
  SALT_AND_PEPPER("saltAndPepper");

  private final String paramName;

  CorruptionKind(String paramName) {
    this.paramName = paramName;
  }

  /** The name in the Param. */
  public String paramName() {
    return paramName;
  }

  /** Whether a row keeps its zeros. */
  public boolean keepsZeros() {
    return this == NONE || this == MASKING;
  }

  /**
   * The kind of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static CorruptionKind parse(String param, String name) {
    for (CorruptionKind kind : values()) {
      if (kind.paramName.equals(name)) {
        return kind;
      }
    }
    String known =
        Arrays.stream(values()).map(CorruptionKind::paramName).collect(Collectors.joining(", "));
    throw new IllegalArgumentException(
        Text.format("%s must be one of %s; got '%s'", param, known, name));
  }
}

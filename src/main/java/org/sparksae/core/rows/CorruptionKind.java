package org.sparksae.core.rows;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.sparksae.core.Text;

/** The kind of noise that is added to a row before the encoder sees it in training. */
public enum CorruptionKind {
  /** No noise. */
  NONE("none"),

  /** Each value becomes 0 with a given probability. */
  MASKING("masking"),

  /** A normal random number with mean 0 is added to each value. */
  GAUSSIAN("gaussian"),

  /** Each value becomes 0 or 1, the ends of the range [0, 1], each with half the probability. */
  SALT_AND_PEPPER("saltAndPepper");

  private final String paramName;

  CorruptionKind(String paramName) {
    this.paramName = paramName;
  }

  /** The name that the Param uses. */
  public String paramName() {
    return paramName;
  }

  /** Whether zeros of a row stay 0. */
  public boolean keepsZeros() {
    return this == NONE || this == MASKING;
  }

  /**
   * Returns the kind with a name.
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

package org.sparksae.core;

import java.util.Locale;

/** Formats text that must be the same on every machine: file names, keys, messages, reports. */
public final class Text {
  private Text() {}

  /**
   * Formats like {@link String#format(Locale, String, Object...)} with {@link Locale#ROOT}. {@link
   * String#formatted} would use the digits and decimal point of the JVM's default locale, such as
   * {@code ٠٠٠٢} for {@code %04d}.
   *
   * @throws java.util.IllegalFormatException if the values do not fit the pattern
   */
  public static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}

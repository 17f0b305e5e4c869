package org.sparksae.core;

import java.util.Locale;

/** Texts that are the same on every machine: names of files, keys, messages, reports. */
public final class Text {
  private Text() {}

  /**
   * As {@link String#format(Locale, String, Object...)} in no locale: {@link String#formatted}
   * takes digits and decimal point from the JVM's default one, such as {@code ٠٠٠٢} for {@code
   * %04d}.
   *
   * @throws java.util.IllegalFormatException if the values do not fit the pattern
   */
  public static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}

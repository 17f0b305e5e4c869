package org.sparksae.bench;

import java.util.Locale;

/** The lines of the Markdown table, on standard output as soon as they are known. */
final class Table {
  static final String NONE = "–";

  private Table() {}

  /** A row of the table. */
  static void row(
      String title,
      String product,
      String torch,
      String ratio,
      String ratioGoal,
      String share,
      String shareGoal) {
    System.out.println(
        "| "
            + String.join(" | ", title, product, torch, ratio, ratioGoal, share, shareGoal)
            + " |");
  }

  /** Rows per second, or the sign for none if the time is NaN. */
  static String rate(double rows, double seconds) {
    return Double.isNaN(seconds) ? NONE : String.format(Locale.ROOT, "%,.0f", rows / seconds);
  }

  /** How many times faster than {@code slower} the time {@code faster} is. */
  static String times(double slower, double faster) {
    return Double.isNaN(faster) ? NONE : String.format(Locale.ROOT, "%.2f x", slower / faster);
  }

  /** A share in percent. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }

  /** A line for the reader, not for the table. */
  static void note(String text, Object... values) {
    System.err.println(String.format(Locale.ROOT, text, values));
  }
}

package org.sparksae.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.sparksae.core.Text;

/**
 * The categories of nouns in WordNet: the lexicographer file (noun.animal, noun.food, ...) that has
 * all senses of a noun. A noun with senses in several files has no category. Names count as nouns,
 * and upper case as lower case.
 *
 * <p>WordNet's {@code data.noun} has lines of {@code offset lexicographer-file n
 * words-in-hexadecimal word id word id ...}, see wndb(5WN).
 */
final class NounCategories {

  /** The names of lexicographer files from number 3 on, see lexnames(5WN). */
  static final List<String> NAMES =
      List.of(
          "tops",
          "act",
          "animal",
          "artifact",
          "attribute",
          "body",
          "cognition",
          "communication",
          "event",
          "feeling",
          "food",
          "group",
          "location",
          "motive",
          "object",
          "person",
          "phenomenon",
          "plant",
          "possession",
          "process",
          "quantity",
          "relation",
          "shape",
          "state",
          "substance",
          "time");

  private static final int FIRST_FILE = 3;
  private static final int SEVERAL = -1;
  private static final int FILE = 1;
  private static final int COUNT = 3;
  private static final int WORDS = 4;

  private final Map<String, Integer> categories;

  private NounCategories(Map<String, Integer> categories) {
    this.categories = categories;
  }

  /**
   * Reads {@code data.noun}.
   *
   * @throws IllegalArgumentException if a line has another form
   */
  static NounCategories read(Path file, Configuration hadoop) throws IOException {
    Map<String, Integer> categories = new HashMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(file.getFileSystem(hadoop).open(file), StandardCharsets.UTF_8))) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        // The licence at the head of the file is indented.
        if (!line.startsWith(" ")) {
          add(line, categories, file, number);
        }
      }
    }
    return new NounCategories(categories);
  }

  private static void add(String line, Map<String, Integer> categories, Path file, int number) {
    try {
      String[] fields = line.split(" ");
      int category = Integer.parseInt(fields[FILE]) - FIRST_FILE;
      int count = Integer.parseInt(fields[COUNT], 16);
      NAMES.get(category);
      for (int i = 0; i < count; i++) {
        categories.merge(
            fields[WORDS + 2 * i].toLowerCase(Locale.ROOT),
            category,
            (old, more) -> old.equals(more) ? old : SEVERAL);
      }
    } catch (RuntimeException wrong) {
      throw new IllegalArgumentException(
          Text.format(
              "%s: line %d is not a line of WordNet's data.noun: %s",
              file, number, line.substring(0, Math.min(60, line.length()))),
          wrong);
    }
  }

  /** The categories of all nouns that have one, as indices of {@link #NAMES}; lower-case keys. */
  Map<String, Integer> byNoun() {
    Map<String, Integer> certain = new TreeMap<>(categories);
    certain.values().removeIf(category -> category == SEVERAL);
    return certain;
  }
}

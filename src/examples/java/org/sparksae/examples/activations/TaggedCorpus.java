package org.sparksae.examples.activations;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.sparksae.core.Text;

/**
 * A corpus of tagged words such as Brown's, {@code The/at Fulton/np-tl ...}: one sentence in a
 * line, and a line {@code # name} before each text.
 */
final class TaggedCorpus {
  private static final String TEXT = "# ";

  private TaggedCorpus() {}

  /**
   * Returns the words of each text, without their tags, joined by spaces.
   *
   * @param limit at most so many texts, the first ones
   * @throws IllegalArgumentException if a line is of another form
   */
  static List<String> texts(BufferedReader reader, int limit) throws IOException {
    List<StringBuilder> texts = new ArrayList<>();
    int number = 0;
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      number++;
      if (line.startsWith(TEXT)) {
        if (texts.size() == limit) {
          break;
        }
        texts.add(new StringBuilder());
      } else if (!line.isBlank()) {
        if (texts.isEmpty()) {
          throw wrong(number, line);
        }
        texts.get(texts.size() - 1).append(words(number, line)).append(' ');
      }
    }
    return texts.stream().map(StringBuilder::toString).toList();
  }

  private static String words(int number, String line) {
    return Arrays.stream(line.strip().split("\\s+"))
        .map(word -> word(number, word))
        .collect(Collectors.joining(" "));
  }

  /** The word before its tag; quotation marks are written as two characters. */
  private static String word(int number, String tagged) {
    int slash = tagged.lastIndexOf('/');
    if (slash < 1) {
      throw wrong(number, tagged);
    }
    String word = tagged.substring(0, slash);
    return word.equals("``") || word.equals("''") ? "\"" : word;
  }

  private static IllegalArgumentException wrong(int number, String found) {
    return new IllegalArgumentException(
        Text.format(
            "line %d of the corpus must be '# name' before a text, or words with tags such as The/at, but has %s",
            number, found));
  }
}

package org.sparksae.examples.activations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Splits text as BERT's uncased models do: lower case without accents, words and punctuation marks
 * apart, each word by the longest pieces that the vocabulary has.
 *
 * <p>Source: Devlin and others, BERT (2019), and its reference implementation.
 */
final class WordPieces {
  private static final String UNKNOWN = "[UNK]";
  private static final String CONTINUED = "##";

  /** Longer words are unknown, as in the reference implementation. */
  private static final int LONGEST_WORD = 100;

  private final Map<String, Integer> numbers;
  private final String[] pieces;

  private WordPieces(Map<String, Integer> numbers) {
    this.numbers = numbers;
    this.pieces = new String[numbers.size()];
    numbers.forEach((piece, number) -> pieces[number] = piece);
  }

  /**
   * Reads a {@code tokenizer.json}.
   *
   * @throws IllegalArgumentException if it has no vocabulary of pieces numbered from 0
   */
  static WordPieces read(byte[] json) throws IOException {
    JsonNode vocabulary = new ObjectMapper().readTree(json).path("model").path("vocab");
    Map<String, Integer> numbers = new HashMap<>();
    vocabulary
        .fieldNames()
        .forEachRemaining(piece -> numbers.put(piece, vocabulary.get(piece).intValue()));
    boolean isValid =
        numbers.containsKey(UNKNOWN)
            && numbers.values().stream().allMatch(number -> number >= 0 && number < numbers.size());
    if (!isValid) {
      throw new IllegalArgumentException(
          "the tokenizer must have model.vocab, the word pieces numbered from 0 with [UNK] among them");
    }
    return new WordPieces(numbers);
  }

  /** The number of a piece that must be there, such as {@code [CLS]}. */
  int number(String piece) {
    Integer number = numbers.get(piece);
    if (number == null) {
      throw new IllegalArgumentException("the tokenizer's vocabulary has no " + piece);
    }
    return number;
  }

  /** The piece with a number. */
  String piece(int number) {
    return pieces[number];
  }

  /** Splits a text into the numbers of its pieces. */
  List<Integer> split(String text) {
    String plain =
        Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFD)
            .replaceAll("\\p{Mn}+", "");
    List<Integer> split = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    plain
        .codePoints()
        .forEach(
            character -> {
              boolean isMark = isPunctuation(character);
              if (isMark || Character.isWhitespace(character) || Character.isSpaceChar(character)) {
                addWord(word, split);
              }
              if (isMark) {
                addWord(word.appendCodePoint(character), split);
              } else if (!Character.isWhitespace(character)
                  && !Character.isSpaceChar(character)
                  && !Character.isISOControl(character)) {
                word.appendCodePoint(character);
              }
            });
    addWord(word, split);
    return split;
  }

  /** All ASCII characters that are neither letters, digits nor spaces count as punctuation. */
  private static boolean isPunctuation(int character) {
    if (character < 128) {
      return character > ' ' && character < 127 && !Character.isLetterOrDigit(character);
    }
    return switch (Character.getType(character)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  /** Adds the pieces of a word and empties it. */
  private void addWord(StringBuilder word, List<Integer> split) {
    String whole = word.toString();
    word.setLength(0);
    int before = split.size();
    int from = 0;
    while (from < whole.length()) {
      int to = whole.length() <= LONGEST_WORD ? longestPiece(whole, from) : from;
      if (to == from) {
        split.subList(before, split.size()).clear();
        split.add(numbers.get(UNKNOWN));
        return;
      }
      split.add(numbers.get(piece(whole, from, to)));
      from = to;
    }
  }

  /** The end of the longest piece of a word from a place on; the place itself if there is none. */
  private int longestPiece(String word, int from) {
    int to = word.length();
    while (to > from && !numbers.containsKey(piece(word, from, to))) {
      to--;
    }
    return to;
  }

  private static String piece(String word, int from, int to) {
    String part = word.substring(from, to);
    return from == 0 ? part : CONTINUED + part;
  }
}

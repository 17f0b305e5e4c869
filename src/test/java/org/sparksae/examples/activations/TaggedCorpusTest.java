package org.sparksae.examples.activations;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaggedCorpusTest {
  private static final String BROWN =
      """
      # ca01


      \tThe/at jury/nn ``/`` said/vbd ''/'' 1/2/cd ./.
      It/pps was/bedz ./.
      # ca02
      \tNo/at
      # ca03
      """;

  private static List<String> texts(String corpus, int limit) throws IOException {
    return TaggedCorpus.texts(new BufferedReader(new StringReader(corpus)), limit);
  }

  @Test
  void wordsLoseTheirTags() throws IOException {
    assertEquals(List.of("The jury \" said \" 1/2 . It was . ", "No ", ""), texts(BROWN, 9));
    assertEquals(2, texts(BROWN, 2).size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"The/at\n", "# a\nThe/at jury\n", "# a\n/at\n"})
  void corporaOfAnotherFormAreRefused(String corpus) {
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> texts(corpus, 9))
            .getMessage()
            .contains("of the corpus must be '# name' before a text, or words with tags"));
  }

  /** 126 tokens a context; a context never has parts of two texts. */
  @Test
  void textsAreCutIntoContexts() throws IOException {
    WordPieces pieces =
        WordPieces.read(
            "{\"model\": {\"vocab\": {\"[UNK]\": 0, \"a\": 1, \"b\": 2}}}"
                .getBytes(StandardCharsets.UTF_8));
    List<int[]> contexts =
        ImportActivations.contexts(List.of("a ".repeat(130), "", "b ".repeat(126), "b"), pieces);
    assertArrayEquals(
        new int[] {126, 4, 126, 1}, contexts.stream().mapToInt(tokens -> tokens.length).toArray());
    assertTrue(IntStream.of(contexts.get(1)).allMatch(token -> token == 1));
  }
}

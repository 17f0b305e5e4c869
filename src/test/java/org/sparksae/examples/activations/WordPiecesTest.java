package org.sparksae.examples.activations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WordPiecesTest {
  private static final List<String> PIECES =
      List.of("[UNK]", "[CLS]", "un", "##aff", "##able", "the", "cafe", "'", "##s", "s", "-", "$");

  private static WordPieces pieces() throws IOException {
    String vocabulary =
        PIECES.stream()
            .map(piece -> '"' + piece + "\": " + PIECES.indexOf(piece))
            .collect(Collectors.joining(", "));
    String json = "{\"model\": {\"vocab\": {" + vocabulary + "}}}";
    return WordPieces.read(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String split(String text) throws IOException {
    WordPieces pieces = pieces();
    return pieces.split(text).stream().map(pieces::piece).collect(Collectors.joining(" "));
  }

  @Test
  void wordsAreSplitIntoTheLongestPieces() throws IOException {
    assertEquals("un ##aff ##able", split("unaffable"));
    assertEquals("the un the", split("  the un\u00a0the\n"));
    assertEquals("cafe ' s", split("CAF\u00c9's"));
    assertEquals("- - the $", split("--the$"));
    assertEquals("", split(" \t"));
  }

  /** A word is unknown as a whole, even if it begins with pieces. */
  @Test
  void aWordThatCannotBeSplitIsUnknown() throws IOException {
    assertEquals("the [UNK] the", split("the unx the"));
    assertEquals("[UNK]", split("un" + "able".repeat(25)));
    assertEquals("un" + " ##able".repeat(24), split("un" + "able".repeat(24)));
  }

  @Test
  void specialPiecesHaveNumbers() throws IOException {
    assertEquals(1, pieces().number("[CLS]"));
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> pieces().number("[SEP]"))
            .getMessage()
            .contains("has no [SEP]"));
    assertThrows(
        IllegalArgumentException.class,
        () -> WordPieces.read("{\"model\": {}}".getBytes(StandardCharsets.UTF_8)));
  }
}

package org.sparksae.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparksae.spark.LocalSpark;

@ExtendWith(LocalSpark.class)
class ImportWordsTest extends ExamplesRunner {
  /** As in the package, norm and number follow the values; "vectors" is a word, too. */
  private static final String VECTORS =
      """
      {"precision": 2, "words": ["the", "]", "vectors"], "dimensions": 2, "vectors": {
       "the": [1, -0.5, 1.11, 0], "dog": [0.25, 2e-1, 0.3, 1], "vectors": [0, 0, 0, 2],
       "cat": [3, 4, 5, 3], "pear": [0, 1, 1, 4], "bank": [1, 1, 1.4, 5], "Lima": [1, 2, 2.2, 6],
       "ox": [1, 2, 2.2, 7], "lima": [7, 8, 9, 8], "yak": [1, 0, 1, 9]}, "unkVector": [0, 0, 0, -1]}
      """;

  /** bank is a place and an institution; Lima a place. */
  private static final String NOUNS =
      """
        1 This software and database is being provided to you
      00000001 05 n 02 dog 0 domestic_dog 0 001 @ 00000009 n 0000 | barks
      00000002 05 n 04 cat 0 ox 0 yak 0 true_cat 0 000 | purrs or not
      00000003 13 n 01 pear 0 000 | sweet
      00000004 17 n 01 bank 0 000 | of a river
      00000005 14 n 01 bank 2 000 | with money
      00000006 15 n 02 Lima 0 capital_of_Peru 0 000 | a city
      """;

  private Path vectors(String text) throws IOException {
    return Files.writeString(dir.resolve("vectors.json"), text);
  }

  private int importWords(String text, String... more) throws IOException {
    Path nouns = Files.writeString(dir.resolve("data.noun"), NOUNS);
    String[] all = {
      "import-words",
      "--vectors",
      vectors(text).toString(),
      "--output",
      out.toString(),
      "--nouns",
      nouns.toString()
    };
    String[] args = Arrays.copyOf(all, all.length + more.length);
    System.arraycopy(more, 0, args, all.length, more.length);
    return run(args);
  }

  private List<Row> rows(String name) {
    return LocalSpark.session().read().parquet(out.resolve(name).toString()).collectAsList();
  }

  @Test
  void writesWordsByRankAndNounsOfOneCategory() throws IOException {
    assertEquals(0, importWords(VECTORS, "--frequent", "9"), error);
    assertEquals(
        out + ": 10 words, 4 nouns of one category to train on and 1 to test on", said.strip());
    List<Row> words = rows("words.parquet");
    assertEquals("[2,dog,ArraySeq(0.25, 0.2)]", words.get(1).toString());
    assertEquals("yak", words.get(9).getString(1));
    assertEquals(10, words.get(9).getInt(0));
    assertEquals(9, rows("frequent.parquet").size());
    // Of those within the frequent ones every fifth is for testing; Lima and lima are one noun.
    assertEquals(
        List.of("dog animal 2", "cat animal 2", "pear food 10", "ox animal 2"),
        rows("nouns/train.parquet").stream().map(ImportWordsTest::labels).toList());
    assertEquals(
        List.of("lima location 12"),
        rows("nouns/test.parquet").stream().map(ImportWordsTest::labels).toList());
  }

  private static String labels(Row row) {
    return row.getString(1) + " " + row.getString(4) + " " + row.getInt(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"dimensions\": 2}                                  | has no 'vectors'",
        "{\"vectors\": {}}                                    | must say its 'dimensions', 1 or more",
        "{\"dimensions\": 2, \"vectors\": {\"a\": [1]}}       | has 1 values for 'a', but its 'dimensions' is 2",
        "{\"dimensions\": 1, \"vectors\": {\"a\": [null]}}    | something other than a number in the vector of 'a'",
        "{\"dimensions\": 1, \"vectors\": {\"a\": 1}}         | something other than a list of numbers for 'a'",
        "{\"dimensions\": 1, \"vectors\": {\"a\": [1],        | is not JSON or is damaged",
        "nothing                                              | is not JSON or is damaged"
      })
  void filesOfAnotherFormAreRefused(String text, String message) throws IOException {
    assertEquals(2, importWords(text));
    assertTrue(error.contains(message), error);
    assertFalse(Files.exists(out));
  }

  @Test
  void nounsOfAnotherFormAreRefused() throws IOException {
    Path nouns = Files.writeString(dir.resolve("other.noun"), "dog n 7 5\n");
    assertEquals(
        2,
        run(
            "import-words",
            "--vectors",
            vectors(VECTORS).toString(),
            "--output",
            out.toString(),
            "--nouns",
            nouns.toString()));
    assertTrue(error.contains("line 1 is not a line of WordNet's data.noun: dog n 7 5"), error);
  }
}

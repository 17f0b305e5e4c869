package org.sparksae.examples;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.sparksae.core.Text;

/**
 * Reads the word vectors of a wink-embeddings file one by one. The file is JSON of the form
 *
 * <pre>
 * {"dimensions": d, "size": n, "words": [...], "vectors": {"the": [x_1, .., x_d, norm, index], ...}, ...}
 * </pre>
 *
 * <p>The words are in order of frequency, the most frequent first. Each vector has d values,
 * followed by its norm and number, which are skipped. Only one vector is in memory at a time, so a
 * file can have any length.
 */
final class WordVectors implements Closeable {

  private final String file;
  private final JsonParser parser;

  private final int dimensions;
  private String word;
  private float[] vector;

  private WordVectors(String file, InputStream in) throws IOException {
    this.file = file;
    this.parser = new JsonFactory().createParser(in);
    this.dimensions = seekVectors();
  }

  /**
   * Goes to the first word.
   *
   * @throws IllegalArgumentException if the file has another form
   */
  static WordVectors open(Path path, Configuration hadoop) throws IOException {
    InputStream in = path.getFileSystem(hadoop).open(path);
    try {
      return new WordVectors(path.toString(), in);
    } catch (JsonProcessingException broken) {
      in.close();
      throw damaged(path.toString(), broken);
    } catch (IOException | RuntimeException refused) {
      in.close();
      throw refused;
    }
  }

  private static IllegalArgumentException damaged(String file, JsonProcessingException broken) {
    return new IllegalArgumentException(
        Text.format("%s is not JSON or is damaged: %s", file, broken.getOriginalMessage()), broken);
  }

  /** Finds the dimensions and moves the parser to the first word. */
  private int seekVectors() throws IOException {
    int found = 0;
    parser.nextToken();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (name.equals("dimensions")) {
        found = parser.getIntValue();
      } else if (!name.equals("vectors")) {
        parser.skipChildren();
      } else if (found < 1) {
        throw wrong("must say its 'dimensions', 1 or more, before 'vectors', got " + found);
      } else {
        return found;
      }
    }
    throw wrong("has no 'vectors'");
  }

  /**
   * Goes to the next word.
   *
   * @return whether there is one
   * @throws IllegalArgumentException if the file has another form
   */
  boolean next() throws IOException {
    try {
      JsonToken token = parser.nextToken();
      if (token == JsonToken.END_OBJECT) {
        return false;
      }
      if (token != JsonToken.FIELD_NAME) {
        throw wrong("ends within 'vectors'");
      }
      word = parser.currentName();
      vector = readVector();
      return true;
    } catch (JsonProcessingException broken) {
      throw damaged(file, broken);
    }
  }

  /** The current word. */
  String word() {
    return word;
  }

  /** The current word's vector, [dimensions]; a new array for each word. */
  float[] vector() {
    return vector;
  }

  private float[] readVector() throws IOException {
    float[] values = new float[dimensions];
    int length = 0;
    if (parser.nextToken() != JsonToken.START_ARRAY) {
      throw wrong(Text.format("has something other than a list of numbers for '%s'", word));
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() == null || !parser.currentToken().isNumeric()) {
        throw wrong(Text.format("has something other than a number in the vector of '%s'", word));
      }
      if (length < dimensions) {
        values[length] = parser.getFloatValue();
      }
      length++;
    }
    if (length < dimensions) {
      throw wrong(
          Text.format(
              "has %d values for '%s', but its 'dimensions' is %d", length, word, dimensions));
    }
    return values;
  }

  private IllegalArgumentException wrong(String problem) {
    return new IllegalArgumentException(
        Text.format("%s %s; it must be the JSON file of a wink-embeddings package", file, problem));
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}

package org.sparksae.core.format.foreign;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.sparksae.core.Text;
import org.sparksae.core.format.CorruptModelException;

/** The JSON object that describes a model beside its weights. Errors name the file and the key. */
final class Config {
  /** More than any description has. */
  private static final int MAX_LENGTH = 1 << 20;

  /** The longest part of a value that a message quotes. */
  private static final int QUOTED = 60;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private final String place;
  private final JsonNode json;

  private Config(String place, JsonNode json) {
    this.place = place;
    this.json = json;
  }

  /**
   * Reads a file.
   *
   * @throws CorruptModelException if it is no JSON object
   */
  static Config read(Folder folder, String name) throws IOException {
    byte[] bytes;
    try (InputStream in = folder.open(name)) {
      bytes = in.readNBytes(MAX_LENGTH + 1);
    }
    if (bytes.length > MAX_LENGTH) {
      throw new CorruptModelException(
          Text.format("%s must have at most %d bytes, got more", name, MAX_LENGTH));
    }
    try {
      JsonNode json = MAPPER.readTree(bytes);
      if (json == null || !json.isObject()) {
        throw new CorruptModelException(name + " must be a JSON object");
      }
      return new Config(name, json);
    } catch (JsonProcessingException e) {
      throw new CorruptModelException(
          Text.format("%s must be JSON without duplicate keys: %s", name, e.getOriginalMessage()),
          e);
    }
  }

  /** Writes a file. */
  static void write(FileMaker files, String name, Map<String, ?> values) throws IOException {
    byte[] bytes = MAPPER.writeValueAsBytes(values);
    try (OutputStream out = files.create(name)) {
      out.write(bytes);
      out.write('\n');
    }
  }

  /** Returns whether a key has a value other than null. */
  boolean has(String key) {
    return json.hasNonNull(key);
  }

  /** Returns whether a key is true or false. */
  boolean isFlag(String key) {
    return has(key) && json.get(key).isBoolean();
  }

  /** Returns whether a key is the number 0. */
  boolean isZero(String key) {
    return has(key) && json.get(key).isIntegralNumber() && json.get(key).asLong() == 0;
  }

  /** Returns the object under a key; an empty one if there is none. */
  Config section(String key) throws CorruptModelException {
    JsonNode value = has(key) ? json.get(key) : MAPPER.createObjectNode();
    if (!value.isObject()) {
      throw wrong(key, "an object");
    }
    return new Config(place + ": " + key, value);
  }

  /** Returns a string, or another one if there is none. */
  String text(String key, String otherwise) throws CorruptModelException {
    if (!has(key)) {
      return otherwise;
    }
    if (!json.get(key).isTextual()) {
      throw wrong(key, "a string");
    }
    return json.get(key).textValue();
  }

  /** Returns whether a key is true, or another answer if it is missing. */
  boolean flag(String key, boolean otherwise) throws CorruptModelException {
    if (!has(key)) {
      return otherwise;
    }
    if (!json.get(key).isBoolean()) {
      throw wrong(key, "true or false");
    }
    return json.get(key).booleanValue();
  }

  /** Returns a number from 1 on, which must be there. */
  int size(String key) throws CorruptModelException {
    JsonNode value = json.get(key);
    if (value == null
        || !value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < 1) {
      throw wrong(key, "an integer of 1 or more, and below 2^31");
    }
    return value.intValue();
  }

  /**
   * Refuses all other keys.
   *
   * @throws IllegalArgumentException naming one of them
   */
  void allow(Set<String> keys) {
    for (String key : (Iterable<String>) json::fieldNames) {
      if (!keys.contains(key)) {
        throw new IllegalArgumentException(
            Text.format(
                "%s: the key '%s' is unknown and may change what the model computes; remove it if"
                    + " it does not",
                place, brief(key)));
      }
    }
  }

  /**
   * Refuses another text than those given.
   *
   * @param otherwise the value of a key that is missing
   * @throws IllegalArgumentException naming key, value and what is possible
   */
  String oneOf(String key, String otherwise, List<String> possible) throws CorruptModelException {
    String value = text(key, otherwise);
    if (!possible.contains(value)) {
      throw new IllegalArgumentException(
          Text.format(
              "%s: %s '%s' cannot be imported, only %s can",
              place, key, brief(value), String.join(", ", possible)));
    }
    return value;
  }

  /**
   * Refuses a key that is true.
   *
   * @param reason what the key means, for the message
   */
  void refuse(String key, String reason) throws CorruptModelException {
    if (flag(key, false)) {
      throw new IllegalArgumentException(Text.format("%s: %s is true: %s", place, key, reason));
    }
  }

  private CorruptModelException wrong(String key, String rule) {
    JsonNode value = json.get(key);
    return new CorruptModelException(
        Text.format(
            "%s: %s must be %s, got %s",
            place, key, rule, value == null ? "nothing" : describe(value)));
  }

  private static String describe(JsonNode value) {
    return value.isContainerNode()
        ? value.getNodeType().toString().toLowerCase(Locale.ROOT)
        : brief(value.asText());
  }

  private static String brief(String text) {
    return text.length() <= QUOTED ? text : text.substring(0, QUOTED) + "...";
  }
}

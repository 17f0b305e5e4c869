package org.sparksae.core.train.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sparksae.core.Digests;
import org.sparksae.core.Text;
import org.sparksae.core.format.CorruptModelException;

/** The strings of a checkpoint, with their own checksum. Doubles are kept exactly. */
final class Metadata {
  private static final String SIGNATURE = "metadataSha256";

  private final Map<String, String> values;

  Metadata() {
    this(Map.of());
  }

  Metadata(Map<String, String> values) {
    this.values = new TreeMap<>(values);
  }

  void put(String name, String value) {
    values.put(name, value);
  }

  void put(String name, long value) {
    values.put(name, Long.toString(value));
  }

  /** Java's shortest text of a double reads as the same double; every NaN reads as the same NaN. */
  void put(String name, double value) {
    values.put(name, Double.toString(value));
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  String text(String name) throws CorruptModelException {
    String value = values.get(name);
    if (value == null) {
      throw new CorruptModelException(Text.format("the file has no '%s' in its metadata", name));
    }
    return value;
  }

  /** Words separated by spaces; an empty text has none. */
  List<String> words(String name) throws CorruptModelException {
    String text = text(name);
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }

  /** A whole number that is an int, 0 or more. */
  int whole(String name) throws CorruptModelException {
    return (int) whole(name, Integer.MAX_VALUE);
  }

  /** A whole number, 0 or more. */
  long wholeLong(String name) throws CorruptModelException {
    return whole(name, Long.MAX_VALUE);
  }

  private long whole(String name, long most) throws CorruptModelException {
    try {
      long value = Long.parseLong(text(name));
      if (value >= 0 && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Reported below, as for negative numbers.
    }
    throw new CorruptModelException(
        Text.format("%s must be a whole number, 0 or more, got '%s'", name, text(name)));
  }

  double real(String name) throws CorruptModelException {
    try {
      return Double.parseDouble(text(name));
    } catch (NumberFormatException e) {
      throw new CorruptModelException(
          Text.format("%s must be a number, got '%s'", name, text(name)), e);
    }
  }

  /** Returns all strings with their checksum. */
  Map<String, String> signed() {
    Map<String, String> signed = new TreeMap<>(values);
    signed.put(SIGNATURE, signature());
    return signed;
  }

  void checkSignature() throws CorruptModelException {
    String signature = signature();
    if (!signature.equals(text(SIGNATURE))) {
      throw new CorruptModelException(
          Text.format(
              "%s must be the checksum of the metadata, %s, got %s: they were changed after writing",
              SIGNATURE, signature, text(SIGNATURE)));
    }
  }

  private String signature() {
    MessageDigest digest = Digests.sha256();
    values.forEach(
        (name, value) -> {
          if (!name.equals(SIGNATURE)) {
            update(digest, name);
            update(digest, value);
          }
        });
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Includes the length, so that moving characters from one string to the next changes the
   * checksum.
   */
  private static void update(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    digest.update(bytes);
  }
}

package org.sparksae.core.format;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sparksae.core.Text;
import org.sparksae.core.format.NamedArray.Dtype;

/**
 * The JSON header of a safetensors file, {@code {"__metadata__": {..}, "name": {"dtype": "F32",
 * "shape": [..], "data_offsets": [begin, end]}, ..}}. The result of {@link #parse} has passed every
 * check that does not need the data: the entries tile the data section, and each fits a Java array.
 *
 * @param metadata the strings under {@code __metadata__}
 * @param entries the tensors in the order of their data
 */
record SafetensorsHeader(Map<String, String> metadata, List<Entry> entries) {
  static final String METADATA = "__metadata__";

  /** The longest array that every JVM can allocate. */
  private static final int MAX_COUNT = Integer.MAX_VALUE - 8;

  // Names come from the file. Canonical names would fill a table that all parsers of the process
  // share.
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  /** One tensor of the file; {@code count} is the product of {@code shape}. */
  record Entry(String name, Dtype dtype, int[] shape, int count, long begin, long end) {}

  /**
   * Returns the header of {@code tensors}, whose data follow each other. Metadata comes first,
   * sorted by key. The header is not padded.
   */
  static byte[] format(List<? extends NamedArray> tensors, Map<String, String> metadata)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes, JsonEncoding.UTF8)) {
      json.writeStartObject();
      json.writeObjectFieldStart(METADATA);
      for (Map.Entry<String, String> item : new TreeMap<>(metadata).entrySet()) {
        json.writeStringField(item.getKey(), item.getValue());
      }
      json.writeEndObject();
      long begin = 0;
      for (NamedArray tensor : tensors) {
        long end = begin + (long) tensor.dtype().bytes() * tensor.count();
        json.writeObjectFieldStart(tensor.name());
        json.writeStringField("dtype", tensor.dtype().name());
        json.writeFieldName("shape");
        json.writeArray(tensor.shape(), 0, tensor.shape().length);
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {begin, end}, 0, 2);
        json.writeEndObject();
        begin = end;
      }
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  /**
   * Reads and checks a header.
   *
   * @param bytes the header including its padding
   * @param dataLength length of the data section in bytes, derived from the file's length
   */
  static SafetensorsHeader parse(byte[] bytes, long dataLength) throws IOException {
    String text = decode(bytes);
    if (!text.startsWith("{")) {
      throw new CorruptModelException("The header must be a JSON object and start with '{'");
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    List<Entry> entries = new ArrayList<>();
    try (JsonParser json = JSON.createParser(text)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        if (name.equals(METADATA)) {
          readMetadata(json, metadata);
        } else {
          entries.add(readEntry(json, name));
        }
      }
      if (json.nextToken() != null) {
        throw new CorruptModelException("The header must end after its JSON object, but goes on");
      }
    } catch (JsonProcessingException e) {
      throw new CorruptModelException(
          "The header must be valid JSON without duplicate names: " + e.getOriginalMessage(), e);
    }
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    checkTiling(entries, dataLength);
    return new SafetensorsHeader(metadata, entries);
  }

  private static String decode(byte[] bytes) throws CorruptModelException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new CorruptModelException("The header must be UTF-8", e);
    }
  }

  private static void readMetadata(JsonParser json, Map<String, String> metadata)
      throws IOException {
    expect(json.nextToken(), JsonToken.START_OBJECT, METADATA, "an object");
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      expect(json.nextToken(), JsonToken.VALUE_STRING, METADATA + "." + key, "a string");
      metadata.put(key, json.getText());
    }
  }

  private static Entry readEntry(JsonParser json, String name) throws IOException {
    expect(json.nextToken(), JsonToken.START_OBJECT, name, "an object");
    String dtype = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String place = name + "." + json.currentName();
      switch (json.currentName()) {
        case "dtype" -> {
          expect(json.nextToken(), JsonToken.VALUE_STRING, place, "a string");
          dtype = json.getText();
        }
        case "shape" -> shape = readNumbers(json, place);
        case "data_offsets" -> offsets = readNumbers(json, place);
        default ->
            throw new CorruptModelException(
                place + " is unknown: a tensor has dtype, shape and data_offsets");
      }
    }
    return entry(name, dtype, shape, offsets);
  }

  private static List<Long> readNumbers(JsonParser json, String place) throws IOException {
    expect(json.nextToken(), JsonToken.START_ARRAY, place, "an array");
    List<Long> numbers = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      expect(json.currentToken(), JsonToken.VALUE_NUMBER_INT, place, "an array of integers");
      if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER || json.getLongValue() < 0) {
        throw new CorruptModelException(
            place + " must have numbers in [0, 2^63), got " + json.getText());
      }
      if (numbers.size() == Tensor.MAX_RANK) {
        throw new CorruptModelException(
            place + " must have at most " + Tensor.MAX_RANK + " numbers");
      }
      numbers.add(json.getLongValue());
    }
    return numbers;
  }

  private static void expect(JsonToken token, JsonToken wanted, String place, String rule)
      throws CorruptModelException {
    if (token != wanted) {
      throw new CorruptModelException(place + " must be " + rule + ", got " + token);
    }
  }

  private static Entry entry(String name, String dtype, List<Long> shape, List<Long> offsets)
      throws CorruptModelException {
    if (dtype == null || shape == null || offsets == null) {
      throw new CorruptModelException(
          "Tensor " + name + " must have dtype, shape and data_offsets");
    }
    Dtype type = dtype(name, dtype);
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
      throw new CorruptModelException(
          "Tensor " + name + ": data_offsets must be [begin, end], begin <= end, got " + offsets);
    }
    int count = product(name, shape);
    long begin = offsets.get(0);
    long end = offsets.get(1);
    if (end - begin != (long) type.bytes() * count) {
      throw new CorruptModelException(
          "Tensor "
              + name
              + ": data_offsets "
              + offsets
              + " must span the "
              + (long) type.bytes() * count
              + " bytes of shape "
              + shape
              + ", got "
              + (end - begin));
    }
    int[] sizes = shape.stream().mapToInt(Long::intValue).toArray();
    return new Entry(name, type, sizes, count, begin, end);
  }

  private static Dtype dtype(String name, String dtype) throws CorruptModelException {
    for (Dtype known : Dtype.values()) {
      if (known.name().equals(dtype)) {
        return known;
      }
    }
    throw new CorruptModelException(
        Text.format(
            "Tensor %s: dtype %s is not supported, only %s are",
            name, dtype, List.of(Dtype.values())));
  }

  private static int product(String name, List<Long> shape) throws CorruptModelException {
    if (shape.contains(0L) && shape.stream().allMatch(size -> size <= Integer.MAX_VALUE)) {
      return 0;
    }
    long product = 1;
    for (long size : shape) {
      // Both factors below 2^31: no overflow.
      product = size > MAX_COUNT ? Long.MAX_VALUE : product * size;
      if (product > MAX_COUNT) {
        throw new CorruptModelException(
            "Tensor "
                + name
                + ": shape "
                + shape
                + " must have at most "
                + MAX_COUNT
                + " elements");
      }
    }
    return (int) product;
  }

  private static void checkTiling(List<Entry> entries, long dataLength)
      throws CorruptModelException {
    long covered = 0;
    for (Entry entry : entries) {
      if (entry.begin != covered) {
        throw new CorruptModelException(
            "Tensor "
                + entry.name
                + " must begin at byte "
                + covered
                + ", where the data before it ends, got "
                + entry.begin
                + (entry.begin < covered ? ": an overlap" : ": a gap"));
      }
      covered = entry.end;
    }
    if (covered != dataLength) {
      throw new CorruptModelException(
          "The data section must have the "
              + covered
              + " bytes that the tensors span, got "
              + dataLength
              + (covered > dataLength ? ": the file is truncated" : ""));
    }
  }
}

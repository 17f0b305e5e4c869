package org.sparksae.spark.ml.file;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.sparksae.core.Text;

/**
 * The file {@value #NAME} of a model's directory: how its fit went, as JSON. Models that were
 * imported, and those of releases that did not keep it, have none.
 */
final class SummaryFile {
  static final String NAME = "summary.json";

  // The streams are the caller's. A later release may have more to say.
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
          .disable(JsonParser.Feature.AUTO_CLOSE_SOURCE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private SummaryFile() {}

  static void write(StageFolder folder, Record summary) throws IOException {
    folder.write(NAME, out -> MAPPER.writeValue(out, summary));
  }

  /**
   * Returns the summary, or null if there is none.
   *
   * @throws IllegalArgumentException if the file is damaged
   */
  static <S extends Record> S read(StageFolder folder, Class<S> type) throws IOException {
    if (!folder.has(NAME)) {
      return null;
    }
    try {
      return folder.read(NAME, (in, length) -> MAPPER.readValue(in, type));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          Text.format(
              "%s is damaged (%s): restore it, or delete it and load the model without a summary",
              folder.path(NAME), e.getOriginalMessage()),
          e);
    }
  }
}

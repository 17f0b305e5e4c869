package org.sparksae.cli.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Writes plain values as a JSON file. */
public final class JsonFile {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private JsonFile() {}

  public static void write(Map<String, ?> values, Path path, Configuration hadoop)
      throws IOException {
    byte[] text = (MAPPER.writeValueAsString(values) + "\n").getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = path.getFileSystem(hadoop).create(path)) {
      out.write(text);
    }
  }
}

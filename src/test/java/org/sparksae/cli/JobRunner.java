package org.sparksae.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Runs commands as from a shell, but in this process, and keeps their output. */
public abstract class JobRunner {
  @TempDir protected Path dir;

  /** Where jobs put their results; commands create it. */
  protected Path out;

  protected String said;
  protected String error;

  @BeforeEach
  void nameTheResults() {
    out = dir.resolve("out");
  }

  /** The commands to run. */
  protected CommandLine commandLine() {
    return Main.commandLine();
  }

  /** The exit code of a command. */
  protected int run(String... args) {
    StringWriter printed = new StringWriter();
    StringWriter complained = new StringWriter();
    CommandLine line = commandLine();
    line.setOut(new PrintWriter(printed)).setErr(new PrintWriter(complained));
    int code = line.execute(args);
    said = printed.toString();
    error = complained.toString();
    return code;
  }

  /** Checks that the page about files explains every key, at any depth. */
  protected static void assertDocumented(JsonNode json) throws IOException {
    String page = Files.readString(Path.of("src/site/markdown/files.md"));
    for (String key : (Iterable<String>) json::fieldNames) {
      assertTrue(page.contains("`" + key + "`"), key);
      if (!key.equals("settings")) {
        assertDocumented(json.get(key));
      }
    }
    if (json.isArray()) {
      for (JsonNode element : json) {
        assertDocumented(element);
      }
    }
  }

  /** The result of that name. */
  protected JsonNode json(String name) throws IOException {
    return new ObjectMapper().readTree(out.resolve(name).toFile());
  }
}

package org.sparksae.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Runs commands as from a shell, in this process, and keeps what they said. */
abstract class JobRunner {
  @TempDir Path dir;

  /** Where jobs put their results; commands make it. */
  Path out;

  String said;
  String error;

  @BeforeEach
  void nameTheResults() {
    out = dir.resolve("out");
  }

  /** The exit code of a command. */
  int run(String... args) {
    StringWriter printed = new StringWriter();
    StringWriter complained = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(printed)).setErr(new PrintWriter(complained));
    int code = line.execute(args);
    said = printed.toString();
    error = complained.toString();
    return code;
  }

  /** A result of that name. */
  JsonNode json(String name) throws IOException {
    return new ObjectMapper().readTree(out.resolve(name).toFile());
  }
}

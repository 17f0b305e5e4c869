package org.sparksae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class MainTest {
  private String said;
  private String error;

  /** Fails as it is told. */
  @Command(name = "fail")
  private static final class Fail implements Callable<Integer> {
    private final Exception failure;

    Fail(Exception failure) {
      this.failure = failure;
    }

    @Override
    public Integer call() throws Exception {
      throw failure;
    }
  }

  static Set<String> commands() {
    return Main.commandLine().getSubcommands().keySet();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasHelpAndAVersion(String command) {
    assertEquals(0, run(null, command, "--help"));
    assertTrue(said.startsWith("Usage: sparse-autoencoder " + command + " ["), said);
    assertTrue(said.contains("--stacktrace"), said);
    assertEquals(0, run(null, command, "--version"));
    assertEquals("unpackaged", said.strip());
  }

  @Test
  void theProgramHasHelpThatNamesEveryCommandAndAVersion() {
    assertEquals(0, run(null, "--help"));
    assertTrue(said.startsWith("Usage: sparse-autoencoder ["), said);
    String list = said.substring(said.indexOf("Commands:"));
    for (String command : commands()) {
      assertTrue(list.contains("\n  " + command + " "), list);
    }
    assertEquals(0, run(null, "--version"));
    assertEquals("unpackaged", said.strip());
  }

  @Test
  void usageErrorsAreOneLine() {
    assertEquals(2, run(null));
    assertError(
        "error: missing command: one of train, encode, evaluate, import-model, export-model, fail (see ");
    assertEquals(2, run(null, "trian"));
    assertError("'trian', must be one of train, encode,");
    assertEquals(2, run(null, "train"));
    assertError("error: Missing required parameter: 'JOB' (see 'sparse-autoencoder train --help')");
    assertEquals(2, run(null, "train", "a", "--sett", "x"));
    assertError("'--sett'");
  }

  @Test
  void refusalsAreExitCodeTwoAndOneLine() {
    assertEquals(2, run(new IllegalArgumentException("k must be 1\nand more"), "fail"));
    assertEquals("error: k must be 1", error.strip());
  }

  @Test
  void aRefusalIsFoundBelowAFailedJob() {
    Exception cause = new IllegalArgumentException("the row is bad");
    Exception task = new SparkException("Task failed\n\tat somewhere", cause);
    assertEquals(2, run(new SparkException("Job aborted", task), "fail"));
    assertEquals("error: the row is bad", error.strip());
  }

  @Test
  void otherFailuresAreExitCodeOne() {
    assertEquals(1, run(new IllegalStateException("broken\nbadly"), "fail"));
    assertEquals("error: IllegalStateException: broken (--stacktrace shows where)", error.strip());
    assertEquals(1, run(new IllegalStateException((String) null), "fail"));
    assertError("IllegalStateException: no message");
  }

  @Test
  void theStackTraceIsShownOnRequest() {
    assertEquals(1, run(new IllegalStateException("broken"), "fail", "--stacktrace"));
    assertTrue(error.contains("\tat org.sparksae.cli.MainTest"), error);
    assertTrue(error.strip().endsWith("error: IllegalStateException: broken"), error);
  }

  private void assertError(String part) {
    assertTrue(error.contains(part), error);
    assertEquals(1, error.lines().count(), error);
  }

  private int run(Exception failure, String... args) {
    StringWriter printed = new StringWriter();
    StringWriter complained = new StringWriter();
    CommandLine line = Main.commandLine().addSubcommand(new Fail(failure));
    line.setOut(new PrintWriter(printed)).setErr(new PrintWriter(complained));
    int code = line.execute(args);
    said = printed.toString();
    error = complained.toString();
    return code;
  }
}

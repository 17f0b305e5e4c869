package org.sparksae.cli;

import com.typesafe.config.ConfigException;
import java.io.FileNotFoundException;
import java.util.Locale;
import org.apache.spark.sql.AnalysisException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns failures into one line on standard error and an exit code. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
  static final int FAILED = 1;
  static final int REFUSED = 2;

  @Override
  public int handleParseException(ParameterException refused, String[] args) {
    CommandLine line = refused.getCommandLine();
    String help = line.getCommandSpec().qualifiedName() + " --help";
    String problem = firstLine(refused.getMessage());
    if (refused instanceof UnmatchedArgumentException && !line.getSubcommands().isEmpty()) {
      problem += ", must be one of " + String.join(", ", line.getSubcommands().keySet());
    }
    line.getErr().printf(Locale.ROOT, "error: %s (see '%s')%n", problem, help);
    line.getErr().flush();
    return REFUSED;
  }

  @Override
  public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
    Throwable refused = refusal(failure);
    Main main = (Main) line.getCommandSpec().root().userObject();
    if (main.stacktrace()) {
      failure.printStackTrace(line.getErr());
    }
    line.getErr().println("error: " + describe(refused == null ? failure : refused, main));
    line.getErr().flush();
    return refused == null ? FAILED : REFUSED;
  }

  /**
   * The outermost cause that means invalid usage, job file or input; null if there is none. Spark
   * wraps what a task throws, so the exception about a row is a cause of the failed job's.
   */
  private static Throwable refusal(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof IllegalArgumentException
          || t instanceof ConfigException
          || t instanceof AnalysisException
          || t instanceof FileNotFoundException) {
        return t;
      }
    }
    return null;
  }

  private static String describe(Throwable failure, Main main) {
    String message = firstLine(failure.getMessage());
    boolean clear =
        failure instanceof IllegalArgumentException
            || failure instanceof FailedModelsException
            || failure instanceof ConfigException
            || failure instanceof AnalysisException;
    String text = clear ? message : failure.getClass().getSimpleName() + ": " + message;
    return clear || main.stacktrace() ? text : text + " (--stacktrace shows where)";
  }

  /** Returns the first line of a message, which may be null. */
  static String firstLine(String message) {
    return message == null
        ? "no message"
        : message.strip().lines().findFirst().orElse("no message");
  }
}

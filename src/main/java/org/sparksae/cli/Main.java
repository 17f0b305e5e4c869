package org.sparksae.cli;

import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The entry point of {@code spark-submit --class org.sparksae.cli.Main}.
 *
 * <p>Exit codes: 0 success; 2 usage, configuration or input that is not valid; 1 any other failure.
 * Each failure is one line on standard error, unless {@code --stacktrace} asks for more.
 */
@Command(
    name = "sparse-autoencoder",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Trains and applies sparse autoencoders on Apache Spark.",
    subcommands = {
      TrainCommand.class,
      EncodeCommand.class,
      EvaluateCommand.class,
      DenoiseCommand.class,
      AnomalyCommand.class,
      ImportIdx.class,
      ImportImages.class,
      ImportWords.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:success",
      "1:failure while running",
      "2:usage, configuration or input that is not valid"
    },
    footer = {
      "",
      "To run it, with the Spark of your choice:",
      "  spark-submit --class org.sparksae.cli.Main <jar> train <job.conf>",
      "Help on a command: <command> --help"
    })
public final class Main implements Runnable {

  @Spec private CommandSpec spec;

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Show where a failure came from, not only what it is.")
  private boolean stacktrace;

  private Main() {}

  /** Runs one command, and ends the JVM with its exit code. */
  public static void main(String[] args) {
    int code = commandLine().execute(args);
    if (SparkSession.getDefaultSession().isDefined()) {
      SparkSession.getDefaultSession().get().stop();
    }
    // YARN's cluster mode takes any call of exit for a failure. Elsewhere the JVM might not end by
    // itself: Spark 3.5 leaves a thread where a task of a barrier stage has run.
    boolean cluster = "cluster".equals(System.getProperty("spark.submit.deployMode"));
    if (code != 0 || !cluster) {
      System.exit(code);
    }
  }

  /** The commands, with their exit codes; leaves the Spark session to the caller. */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    Failures failures = new Failures();
    line.setExecutionExceptionHandler(failures).setParameterExceptionHandler(failures);
    line.setUsageHelpAutoWidth(true);
    line.getCommandSpec().versionProvider(new Version());
    line.getSubcommands().values().forEach(c -> c.getCommandSpec().versionProvider(new Version()));
    return line;
  }

  boolean stacktrace() {
    return stacktrace;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "missing command: one of " + String.join(", ", spec.subcommands().keySet()));
  }

  /** The version of the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {version == null ? "unpackaged" : version};
    }
  }
}

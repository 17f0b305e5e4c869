package org.sparksae.cli;

import org.apache.spark.sql.SparkSession;
import org.sparksae.cli.report.TrainingReport;
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
 * <p>Exit codes: 0 for success; 2 for invalid usage, job file or input; 1 for any other failure.
 * Each failure is one line on standard error, unless {@code --stacktrace} asks for more.
 *
 * <p>Another program, such as the examples, can add commands of its own by {@link #run}.
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
      ImportModelCommand.class,
      ExportModelCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:success", "1:failure while running", "2:invalid usage, job file or input"},
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
      description = "Show where a failure came from as well as what it is.")
  private boolean stacktrace;

  private Main() {}

  /** Runs one command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    run(args);
  }

  /**
   * Runs one command and ends the JVM with its exit code.
   *
   * @param more commands beside those of this class, annotated for picocli
   */
  public static void run(String[] args, Object... more) {
    int code = commandLine(more).execute(args);
    if (SparkSession.getDefaultSession().isDefined()) {
      SparkSession.getDefaultSession().get().stop();
    }
    // YARN's cluster mode takes any call of exit as a failure. Elsewhere a thread of the user's own
    // commands might keep the JVM.
    boolean cluster = "cluster".equals(System.getProperty("spark.submit.deployMode"));
    if (code != 0 || !cluster) {
      System.exit(code);
    }
  }

  /**
   * All commands, with exit codes and one-line failures. The caller ends the Spark session.
   *
   * @param more commands beside those of this class, annotated for picocli
   */
  public static CommandLine commandLine(Object... more) {
    CommandLine line = new CommandLine(new Main());
    for (Object command : more) {
      line.addSubcommand(command);
    }
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

  /** The version in the jar's manifest. */
  private static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {TrainingReport.libraryVersion()};
    }
  }
}

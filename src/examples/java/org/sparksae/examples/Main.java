package org.sparksae.examples;

import org.sparksae.examples.activations.ImportActivations;
import org.sparksae.examples.curves.CurvesCommand;
import org.sparksae.examples.synthetic.MakeSynthetic;
import org.sparksae.examples.synthetic.TruthCommand;
import picocli.CommandLine;

/**
 * The entry point of {@code spark-submit --class org.sparksae.examples.Main --jars <library's jar>
 * <examples' jar>}: the library's commands and those of this package.
 */
public final class Main {
  private Main() {}

  /** Runs one command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    org.sparksae.cli.Main.run(args, commands());
  }

  /** All commands; the caller ends the Spark session. */
  static CommandLine commandLine() {
    return org.sparksae.cli.Main.commandLine(commands());
  }

  private static Object[] commands() {
    return new Object[] {
      new ImportIdx(),
      new ImportImages(),
      new ImportWords(),
      new ImportActivations(),
      new MakeSynthetic(),
      new AnomalyCommand(),
      new TruthCommand(),
      new CurvesCommand()
    };
  }
}

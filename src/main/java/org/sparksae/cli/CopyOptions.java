package org.sparksae.cli;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.sparksae.cli.report.Staging;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The arguments of a command that turns the directory of a model into another one. */
final class CopyOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Parameters(index = "0", paramLabel = "FROM", description = "The directory to read.")
  private String from;

  @Parameters(index = "1", paramLabel = "TO", description = "The directory to write.")
  private String to;

  @Option(
      names = "--overwrite",
      description = "Replace TO once the new directory is complete, if it exists.")
  private boolean overwrite;

  /** Reads one directory, writes another one, and returns what there is to say of it. */
  interface Copy {
    String run(String from, String to) throws IOException;
  }

  /** Runs a copy; its result appears under its name, and is reported, only when it is complete. */
  void run(Copy copy) throws IOException {
    Configuration hadoop =
        SparkSession.builder()
            .appName("sparse-autoencoder " + command.name())
            .getOrCreate()
            .sparkContext()
            .hadoopConfiguration();
    Path target = new Path(to);
    String written;
    try (Staging staging = Staging.of(target, overwrite, hadoop)) {
      written = copy.run(from, staging.path(target.getName()).toString());
      staging.publish();
    }
    command.commandLine().getOut().println(to + ": " + written);
  }
}

package org.sparksae.cli;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.sparksae.cli.report.Staging;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments of a command that turns the directory of a model into another one. */
final class CopyOptions {

  @Parameters(index = "0", paramLabel = "FROM", description = "The directory to read.")
  private String from;

  @Parameters(index = "1", paramLabel = "TO", description = "The directory to write.")
  private String to;

  @Option(
      names = "--overwrite",
      description = "Replace TO once the new directory is complete, if it exists.")
  private boolean overwrite;

  /** Reads one directory and writes another one. */
  interface Copy {
    void run(String from, String to) throws IOException;
  }

  /** Runs a copy; its result appears under its name only when it is complete. */
  void run(String command, Copy copy) throws IOException {
    Configuration hadoop =
        SparkSession.builder()
            .appName("sparse-autoencoder " + command)
            .getOrCreate()
            .sparkContext()
            .hadoopConfiguration();
    Path target = new Path(to);
    try (Staging staging = Staging.of(target, overwrite, hadoop)) {
      copy.run(from, staging.path(target.getName()).toString());
      staging.publish();
    }
  }

  /** Returns the directory that is written, as the user named it. */
  String target() {
    return to;
  }
}

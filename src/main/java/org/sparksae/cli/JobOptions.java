package org.sparksae.cli;

import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What all commands with a job file take. */
final class JobOptions {

  @Parameters(
      paramLabel = "JOB",
      description = "The job file (HOCON), local or on any Hadoop file system.")
  private String path;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = {
        "Displace a value of the job file, such as",
        "  --set model.maxIter=20",
        "  --set 'model.hiddenLayers=[256,64]'",
        "May be given more than once."
      })
  private List<String> settings = List.of();

  @Option(
      names = "--overwrite",
      description = "Replace results that exist, once the new ones are complete.")
  private boolean overwrite;

  /** Reads and checks the job. */
  JobConfig job() throws IOException {
    return JobConfig.of(JobFile.read(path, settings));
  }

  /** The session that spark-submit configured. */
  SparkSession session(String command) {
    return SparkSession.builder().appName("sparse-autoencoder " + command).getOrCreate();
  }

  boolean overwrite() {
    return overwrite;
  }
}

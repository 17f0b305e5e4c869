package org.sparksae.cli.job;

import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments of every command that takes a job file. */
public final class JobOptions {

  @Parameters(
      paramLabel = "JOB",
      description = "The job file (HOCON), local or on any Hadoop file system.")
  private String path;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = {
        "Override a value of the job file, such as",
        "  --set model.maxIter=20",
        "  --set 'model.hiddenLayers=[256,64]'",
        "May be repeated."
      })
  private List<String> settings = List.of();

  @Option(
      names = "--overwrite",
      description = "Replace existing results once the new ones are complete.")
  private boolean overwrite;

  /** Reads and checks the job. */
  public JobConfig job() throws IOException {
    return JobConfig.of(section());
  }

  /** Reads and checks the job, and takes one model of its grid if a number is given. */
  JobConfig job(OptionalInt number) throws IOException {
    return JobConfig.of(section(), number);
  }

  /** The job file as a whole, with the {@code --set} values; nothing is checked yet. */
  public Section section() throws IOException {
    return JobFile.read(path, settings);
  }

  /** The session that spark-submit configured. */
  public SparkSession session(String command) {
    return SparkSession.builder().appName("sparse-autoencoder " + command).getOrCreate();
  }

  public boolean overwrite() {
    return overwrite;
  }
}

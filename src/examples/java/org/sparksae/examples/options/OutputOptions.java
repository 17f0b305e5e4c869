package org.sparksae.examples.options;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.sparksae.cli.report.Staging;
import picocli.CommandLine.Option;

/** Where an importer writes. */
public final class OutputOptions {

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "The directory to write Parquet to.")
  private String output;

  @Option(names = "--overwrite", description = "Replace the output if it exists.")
  private boolean overwrite;

  /** Returns the directory. */
  public Path directory() {
    return new Path(output);
  }

  /** Prepares to write the directory as a whole. */
  public Staging staging(Configuration hadoop) throws IOException {
    return Staging.of(directory(), overwrite, hadoop);
  }

  /** Prepares to write some entries of the directory. */
  public Staging staging(List<String> entries, Configuration hadoop) throws IOException {
    return Staging.in(directory(), entries, overwrite, hadoop);
  }

  /** Returns the directory as the user named it. */
  @Override
  public String toString() {
    return output;
  }
}

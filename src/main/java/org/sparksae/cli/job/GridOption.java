package org.sparksae.cli.job;

import java.io.IOException;
import java.util.OptionalInt;
import org.sparksae.core.Text;
import picocli.CommandLine.Option;

/** The option of the commands that use one of the models that train left. */
public final class GridOption {

  @Option(
      names = "--grid",
      paramLabel = "NUMBER",
      description = {"Use this model of the job's grid, by its number in grid.csv."})
  private Integer number;

  /**
   * Reads and checks the job, whose model is the chosen one.
   *
   * @throws IllegalArgumentException if the job has a grid and no model of it was chosen, or has
   *     none and one was
   */
  public JobConfig job(JobOptions options) throws IOException {
    JobConfig job = options.job(number == null ? OptionalInt.empty() : OptionalInt.of(number));
    job.grid()
        .ifPresent(
            grid -> {
              throw new IllegalArgumentException(
                  Text.format(
                      "the job has a grid of %d models; say which one by its number in %s/grid.csv, for example --grid 0 for %s",
                      grid.points().size(), job.directory(), grid.describe(grid.points().get(0))));
            });
    return job;
  }
}

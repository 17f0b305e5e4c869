package org.sparksae.examples.options;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How much of its input an importer takes. */
public final class LimitOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  private int limit = Integer.MAX_VALUE;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Take the first N only (default: all).")
  private void setLimit(int value) {
    if (value < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--limit must be at least 1, got " + value + "; leave it out to take all");
    }
    limit = value;
  }

  /** Returns N, or the largest int. */
  public int limit() {
    return limit;
  }
}

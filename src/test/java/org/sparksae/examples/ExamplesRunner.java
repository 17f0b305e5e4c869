package org.sparksae.examples;

import org.sparksae.cli.JobRunner;
import picocli.CommandLine;

/** Runs the commands of the examples. */
public abstract class ExamplesRunner extends JobRunner {
  @Override
  protected CommandLine commandLine() {
    return Main.commandLine();
  }
}

package org.sparksae.cli;

import java.util.List;

/** Some models of a grid, or all, could not be trained. */
final class FailedModelsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Names the models.
   *
   * @param models each with its settings and why it failed
   * @param failures what was thrown, for a stack trace
   */
  FailedModelsException(List<String> models, List<Exception> failures) {
    super(
        (models.size() == 1 ? "a model" : models.size() + " models")
            + " of the grid failed: "
            + String.join("; ", models));
    failures.forEach(this::addSuppressed);
  }
}

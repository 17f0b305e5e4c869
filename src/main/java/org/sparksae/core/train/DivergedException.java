package org.sparksae.core.train;

/** Training diverged: the objective or its gradient is no longer finite. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DivergedException(String message) {
    super(message);
  }

  /** Adds the name of the stage of a training. */
  public DivergedException(String stage, DivergedException cause) {
    super(stage + ": " + cause.getMessage(), cause);
  }
}

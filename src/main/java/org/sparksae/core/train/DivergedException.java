package org.sparksae.core.train;

/** The objective is no longer a finite number, so no later step can be right. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DivergedException(String message) {
    super(message);
  }

  /** The same of a stage of a training. */
  public DivergedException(String stage, DivergedException cause) {
    super(stage + ": " + cause.getMessage(), cause);
  }
}

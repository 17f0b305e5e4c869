package org.sparksae.core.collective;

/** A rank cannot continue because another rank, or the connection to it, failed. */
public final class PeerFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The message says which rank failed, where it runs and what happened. */
  public PeerFailedException(String message) {
    super(message);
  }

  /**
   * The message says which rank failed, where it runs and what happened; {@code cause} says why.
   */
  public PeerFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}

package org.sparksae.core.collective;

/** A rank cannot go on because another one, or the way to it, failed. */
public final class PeerFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says which rank, where it is and what happened. */
  public PeerFailedException(String message) {
    super(message);
  }

  /** Says which rank, where it is and what happened, and why. */
  public PeerFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}

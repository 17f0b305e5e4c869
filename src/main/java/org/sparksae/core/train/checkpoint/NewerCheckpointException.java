package org.sparksae.core.train.checkpoint;

import java.io.IOException;

/** A checkpoint of a newer release, in a format that this release cannot read. */
public final class NewerCheckpointException extends IOException {
  private static final long serialVersionUID = 1L;

  NewerCheckpointException(String message) {
    super(message);
  }
}

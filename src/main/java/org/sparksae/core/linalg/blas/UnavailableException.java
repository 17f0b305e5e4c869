package org.sparksae.core.linalg.blas;

import java.nio.file.FileSystemException;
import java.util.List;

/** A backend cannot be used here; the message is the reason, for the user. */
final class UnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  UnavailableException(String reason) {
    super(reason);
  }

  /** The reason inside what a loader threw: the innermost cause that has a message. */
  static String reason(Throwable thrown) {
    String reason = thrown.getClass().getSimpleName();
    int depth = 0;
    for (Throwable t = thrown; t != null && depth < 10; t = t.getCause(), depth++) {
      if (t instanceof FileSystemException file && file.getReason() == null) {
        // Its message is the bare path; what happened to it is in the class's name only.
        reason = t.getClass().getSimpleName() + ": " + t.getMessage();
      } else if (t.getMessage() != null && !t.getMessage().isBlank()) {
        reason = t.getMessage();
      }
    }
    List<String> lines = reason.strip().lines().toList();
    // JNA puts the dynamic loader's reason below its own words.
    String said =
        lines.size() > 1 && lines.get(0).endsWith(":")
            ? lines.get(0) + " " + lines.get(1)
            : lines.get(0);
    // Java and the dynamic loader each put the library's path first.
    return said.replaceFirst("^(\\S+): \\1: ", "$1: ");
  }
}

package org.sparksae.core.linalg.natives;

import java.nio.file.FileSystemException;
import java.util.List;

/** A backend cannot be used here; the message is the reason, for the user. */
public final class UnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  public UnavailableException(String reason) {
    super(reason);
  }

  /** Returns the reason of a loader's failure: the message of the innermost cause that has one. */
  public static String reason(Throwable thrown) {
    String reason = thrown.getClass().getSimpleName();
    int depth = 0;
    for (Throwable t = thrown; t != null && depth < 10; t = t.getCause(), depth++) {
      if (t instanceof FileSystemException file && file.getReason() == null) {
        // Its message is only the path; the class name says what happened.
        reason = t.getClass().getSimpleName() + ": " + t.getMessage();
      } else if (t.getMessage() != null && !t.getMessage().isBlank()) {
        reason = t.getMessage();
      }
    }
    List<String> lines = reason.strip().lines().toList();
    // JNA puts the dynamic loader's reason on the line after its own text.
    String said =
        lines.size() > 1 && lines.get(0).endsWith(":")
            ? lines.get(0) + " " + lines.get(1)
            : lines.get(0);
    // Both Java and the dynamic loader start with the library's path.
    return said.replaceFirst("^(\\S+): \\1: ", "$1: ");
  }
}

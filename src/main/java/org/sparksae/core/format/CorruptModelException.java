package org.sparksae.core.format;

import java.io.IOException;

/**
 * The content of a model file breaks a rule of its format. The message names the place, the value
 * and the rule.
 */
public final class CorruptModelException extends IOException {
  private static final long serialVersionUID = 1;

  public CorruptModelException(String message) {
    super(message);
  }

  public CorruptModelException(String message, Throwable cause) {
    super(message, cause);
  }
}

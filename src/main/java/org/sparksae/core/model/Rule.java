package org.sparksae.core.model;

import org.sparksae.core.Text;

/** Refusing what cannot be a model. */
final class Rule {
  private Rule() {}

  /**
   * Refuses.
   *
   * @throws IllegalArgumentException with the message, if the rule does not hold
   */
  static void require(boolean rule, String message, Object... args) {
    if (!rule) {
      throw new IllegalArgumentException(Text.format(message, args));
    }
  }
}

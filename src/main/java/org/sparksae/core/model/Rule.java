package org.sparksae.core.model;

import org.sparksae.core.Text;

/** Checks the rules of a model description. */
final class Rule {
  private Rule() {}

  /**
   * Checks one rule.
   *
   * @throws IllegalArgumentException with the message if the rule does not hold
   */
  static void require(boolean rule, String message, Object... args) {
    if (!rule) {
      throw new IllegalArgumentException(Text.format(message, args));
    }
  }
}

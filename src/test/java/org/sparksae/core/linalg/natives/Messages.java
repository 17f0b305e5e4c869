package org.sparksae.core.linalg.natives;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** What tests ask of messages. */
public final class Messages {
  private Messages() {}

  public static void assertContains(String text, String... parts) {
    for (String part : parts) {
      assertTrue(text.contains(part), () -> "'" + part + "' is not in: " + text);
    }
  }
}

package org.sparksae.core;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Checksums. */
public final class Digests {
  private Digests() {}

  /** Returns a new SHA-256 digest, which every Java platform has. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

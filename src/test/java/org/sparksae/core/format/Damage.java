package org.sparksae.core.format;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Makes files that were damaged by chance, and streams that fail. */
public final class Damage {
  private static final String SYNTAX = "{}[]\",:0123456789-.eE \\untrfals'()<";

  private Damage() {}

  /** Returns a stream whose every read fails. */
  public static InputStream failing(IOException failure) {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        throw failure;
      }
    };
  }

  /** Returns a file with a few edits: other bytes, syntax, copied parts, another length. */
  public static byte[] of(byte[] file, SplittableRandom random) {
    byte[] damaged = file.clone();
    int edits = random.nextInt(1, 4);
    for (int i = 0; i < edits; i++) {
      int at = random.nextInt(damaged.length);
      switch (random.nextInt(5)) {
        case 0 -> damaged[at] = (byte) random.nextInt();
        case 1 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> damaged[at] = (byte) SYNTAX.charAt(random.nextInt(SYNTAX.length()));
        case 3 -> {
          int to = random.nextInt(damaged.length);
          int length = Math.min(random.nextInt(16), damaged.length - Math.max(at, to));
          System.arraycopy(damaged, at, damaged, to, length);
        }
        default -> damaged = Arrays.copyOf(damaged, random.nextInt(1, 2 * damaged.length));
      }
    }
    return damaged;
  }
}

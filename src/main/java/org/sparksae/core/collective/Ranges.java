package org.sparksae.core.collective;

/** How an array is shared out: rank r owns {@code [from(r), from(r + 1))}. */
final class Ranges {
  /** A cache line of floats, which no two owners should write to. */
  private static final int GRAIN = 16;

  private Ranges() {}

  static int from(int rank, int size, int n) {
    long grains = ((long) n + GRAIN - 1) / GRAIN;
    return (int) Math.min(n, grains * rank / size * GRAIN);
  }
}

package org.sparksae.core.rows;

import java.util.random.RandomGenerator;

/**
 * The sequence of {@link java.util.SplittableRandom}, started from a key and a number. Its numbers
 * can also be computed in any order.
 *
 * <p>Source: Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators (2014).
 */
final class SplitMix implements RandomGenerator {
  /** 2^53, the number of values that {@link #uniform} can return. */
  static final double UNIFORMS = 0x1p53;

  private static final int UNUSED_BITS = 11;
  static final long GAMMA = 0x9E3779B97F4A7C15L;

  private long start;
  private long state;

  /** The finaliser. */
  static long mix(long z) {
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  /** Starts the sequence of a key and a number. */
  void begin(long key, long number) {
    start = mix(key + (number + 1) * GAMMA);
    state = start;
  }

  /** The number at a place of the sequence, counted from 0; in [0, 2^53). */
  long uniform(int place) {
    return mix(start + (place + 1) * GAMMA) >>> UNUSED_BITS;
  }

  @Override
  public long nextLong() {
    state += GAMMA;
    return mix(state);
  }
}

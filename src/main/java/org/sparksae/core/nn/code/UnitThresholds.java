package org.sparksae.core.nn.code;

/**
 * Finds, for each latent (a hidden unit, or a map of a convolution), the threshold that a given
 * share of its values over a batch reaches. No process has all values, so this is a radix selection
 * on the bits of the floats, from the highest digit down.
 *
 * <pre>
 * t_j = the largest t for which the values &gt;= t weigh at least share N;   N is the weight of all rows
 * </pre>
 *
 * <p>Positive floats have the same order as their bits. In each round, for each latent and each
 * value of the next digit, the rows report the weight of the values that start with the digits
 * found so far and continue with that digit ({@link Digit}). The sum over all rows gives the next
 * digit of t_j ({@link #take}). The result is exact. It does not depend on how the rows are
 * partitioned, since for rows without weights the sums are integers.
 *
 * <p>Only values above 0 count. If all of them together weigh less than wanted, t_j is the smallest
 * of them.
 */
public final class UnitThresholds implements CodeSearch {
  /**
   * The relative part of the weight that may be missing: {@code 0.07 * 100} is 7.000000000000001,
   * but 7 of 100 must be enough.
   */
  private static final double ROUNDING = 1e-9;

  private final double share;
  private final int digitBits;
  private final int[] prefixes;
  private final double[] wanted;
  private int unknownBits = Integer.SIZE;

  /**
   * Creates a search that has not asked anything yet.
   *
   * @param units number of latents
   * @param share wanted share of the weight of all rows, above 0, times the number of values that a
   *     latent has per row
   * @param digitBits bits found per round, 4 or 8. A round has {@code 1 + units 2^digitBits} sums,
   *     and there are {@code 32 / digitBits} rounds
   */
  public UnitThresholds(int units, double share, int digitBits) {
    this.share = share;
    this.digitBits = digitBits;
    this.prefixes = new int[units];
    this.wanted = new double[units];
  }

  /**
   * The question of one round.
   *
   * @param prefixes the bits of each latent's threshold above the digit, [units]
   * @param shift number of bits below the digit
   * @param bits number of bits of the digit
   */
  public record Digit(int[] prefixes, int shift, int bits) implements CodeQuestion {

    /**
     * Returns the length of the answer: the weight of the rows, and {@code 2^bits} weights per
     * latent.
     */
    @Override
    public int sums() {
      return 1 + (prefixes.length << bits);
    }
  }

  @Override
  public boolean isDone() {
    return unknownBits == 0;
  }

  @Override
  public Digit next() {
    return new Digit(prefixes.clone(), unknownBits - digitBits, digitBits);
  }

  @Override
  public void take(double[] sums) {
    boolean first = unknownBits == Integer.SIZE;
    for (int unit = 0; unit < prefixes.length; unit++) {
      if (first) {
        wanted[unit] = share * sums[0] * (1 - ROUNDING);
      }
      narrow(unit, sums, 1 + (unit << digitBits));
    }
    unknownBits -= digitBits;
  }

  /**
   * Searches from the largest digit down to the digit where the weight is reached, or to the
   * smallest that occurs.
   */
  private void narrow(int unit, double[] sums, int from) {
    int found = 0;
    double above = 0;
    double aboveFound = 0;
    for (int digit = (1 << digitBits) - 1; digit >= 0; digit--) {
      double weight = sums[from + digit];
      if (weight > 0) {
        found = digit;
        aboveFound = above;
        above += weight;
        if (above >= wanted[unit]) {
          break;
        }
      }
    }
    wanted[unit] -= aboveFound;
    prefixes[unit] = prefixes[unit] << digitBits | found;
  }

  /** Returns the thresholds, [units]. Each is above 0, so values that reach it are, too. */
  @Override
  public float[] found() {
    float[] thresholds = new float[prefixes.length];
    for (int unit = 0; unit < thresholds.length; unit++) {
      thresholds[unit] = Math.max(Float.intBitsToFloat(prefixes[unit]), Float.MIN_VALUE);
    }
    return thresholds;
  }
}

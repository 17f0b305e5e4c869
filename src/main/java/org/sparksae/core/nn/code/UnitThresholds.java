package org.sparksae.core.nn.code;

/**
 * Finds for each unit the value that the largest share of its values over a batch reach, where no
 * process has all of them: radix selection on the bits of the floats, from the highest digit down.
 *
 * <pre>
 * t_j = the largest t for which the values &gt;= t weigh share N, N the weight of all rows
 * </pre>
 *
 * <p>Positive floats are ordered as their bits. In each round the rows say, for each unit and each
 * value of the next digit, what the values weigh that have the digits found so far before it
 * ({@link Digit}); the sum over all rows tells which digit t_j has ({@link #take}). The result is
 * exact, and does not depend on how the rows are cut: of rows without weights the sums are whole
 * numbers.
 *
 * <p>Only values above 0 count. Where they all weigh less than is wanted, t_j is the least of them.
 */
public final class UnitThresholds implements CodeSearch {
  /**
   * Part of the weight that may be missing: {@code 0.07 * 100} is 7.000000000000001, and still 7 of
   * 100 are enough.
   */
  private static final double ROUNDING = 1e-9;

  private final double share;
  private final int digitBits;
  private final int[] prefixes;
  private final double[] wanted;
  private int unknownBits = Integer.SIZE;

  /**
   * A search that knows nothing yet.
   *
   * @param units number of units
   * @param share of the weight of all rows, above 0; where a unit has several values a row, as many
   *     times as much
   * @param digitBits bits that a round finds, 4 or 8: the sums of a round are {@code 1 + units
   *     2^digitBits} numbers, and there are {@code 32 / digitBits} rounds
   */
  public UnitThresholds(int units, double share, int digitBits) {
    this.share = share;
    this.digitBits = digitBits;
    this.prefixes = new int[units];
    this.wanted = new double[units];
  }

  /**
   * What the rows are asked in a round.
   *
   * @param prefixes the bits of each unit's threshold above the digit, [units]
   * @param shift bits below the digit
   * @param bits bits of the digit
   */
  public record Digit(int[] prefixes, int shift, int bits) implements CodeQuestion {

    /** The weight of the rows, and {@code 2^bits} weights for each unit. */
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

  /** From the largest digit down to where the weight is reached, or to the last that occurs. */
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

  /** The thresholds, [units], each above 0, so that a value that reaches its threshold is. */
  @Override
  public float[] found() {
    float[] thresholds = new float[prefixes.length];
    for (int unit = 0; unit < thresholds.length; unit++) {
      thresholds[unit] = Math.max(Float.intBitsToFloat(prefixes[unit]), Float.MIN_VALUE);
    }
    return thresholds;
  }
}

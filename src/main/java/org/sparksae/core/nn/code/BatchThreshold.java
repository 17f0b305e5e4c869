package org.sparksae.core.nn.code;

/**
 * Finds the smallest activation that {@link org.sparksae.core.model.BatchTopK} keeps of a batch. No
 * process has all activations, so this is a radix selection on the bits of the floats, from the
 * highest digit down; positive floats have the same order as their bits.
 *
 * <pre>
 * t = the largest t for which the activations &gt;= t weigh at least round(k N) W / N
 * </pre>
 *
 * <p>N is the number of rows of a weight above 0, W their weight. The result is exact and does not
 * depend on how the rows are partitioned, since for rows without weights the sums are integers.
 *
 * <p>Looking at all activations is expensive, so the rows store the few above a bound. A share of
 * the last batch's threshold serves as a bound. If too few activations exceed it, or nothing is
 * known of the last batch, all activations are counted once by the upper half of their bits, which
 * gives a bound that suffices. So the bound saves time and changes the result by rounding at most.
 *
 * <p>With a bound, activations may be computed one by one, which rounds differently from a product
 * of matrices. One search counts the same values in all of its rounds, and the code keeps them.
 */
final class BatchThreshold implements CodeSearch {
  /** The relative part of the weight that may be missing, since {@code m W / N} is rounded. */
  private static final double ROUNDING = 1e-9;

  /** The share of the last threshold that the next one is hoped to exceed. */
  private static final float HOPE = 0.8f;

  /** Bits that are found by looking at all activations. */
  private static final int UPPER_BITS = 16;

  private final double k;
  private final int digitBits;
  private final boolean single;
  private boolean hopes;
  private float bound;
  private int prefix;
  private double wanted;
  private int unknownBits = Integer.SIZE;
  private boolean isEmpty;

  /**
   * Creates a search that has not asked anything yet.
   *
   * @param k mean number of activations that a row keeps
   * @param lastThreshold that of the last batch; 0 if it is unknown
   * @param digitBits bits found per round, 8 or 16. A round has {@code 3 + 2^digitBits} sums
   * @param single whether activations above a bound may be computed one by one
   */
  BatchThreshold(double k, float lastThreshold, int digitBits, boolean single) {
    this.single = single;
    this.k = k;
    this.digitBits = digitBits;
    this.bound = HOPE * lastThreshold;
    // A bound that is not finite would come of a diverging training.
    this.hopes = bound > 0 && bound < Float.POSITIVE_INFINITY;
  }

  /**
   * The question of one round.
   *
   * @param prefix the bits of the threshold above the digit
   * @param shift number of bits below the digit
   * @param bits number of bits of the digit
   * @param bound only activations above it count; negative for all of them, which are not to be
   *     stored
   * @param single whether activations may be computed one by one
   */
  record Digit(int prefix, int shift, int bits, float bound, boolean single)
      implements CodeQuestion {
    /** Index of the number of rows whose weight is above 0; the first sum is their weight. */
    static final int ROWS = 1;

    /** Index of how often it was too expensive to compute activations one by one. */
    static final int TOO_EXPENSIVE = 2;

    private static final int DIGITS = 3;

    /**
     * Returns the length of the answer: weight and number of the rows, whether it was too
     * expensive, and the digits' weights.
     */
    @Override
    public int sums() {
      return DIGITS + (1 << bits);
    }

    /** Returns whether all activations count. */
    boolean isOfAll() {
      return bound < 0;
    }

    /** Adds an activation, given by its bits, if it is above 0 and has the prefix. */
    void add(int key, double weight, double[] sums) {
      // Shift in two steps, because a shift by 32 would be a shift by 0.
      if (key > 0 && key >>> shift >>> bits == prefix) {
        sums[DIGITS + (key >>> shift & (1 << bits) - 1)] += weight;
      }
    }
  }

  @Override
  public boolean isDone() {
    return unknownBits == 0 || isEmpty;
  }

  @Override
  public Digit next() {
    if (unknownBits == Integer.SIZE && !hopes) {
      return new Digit(0, Integer.SIZE - UPPER_BITS, UPPER_BITS, -1f, false);
    }
    return new Digit(prefix, unknownBits - digitBits, digitBits, bound, single && hopes);
  }

  @Override
  public void take(double[] sums) {
    boolean first = unknownBits == Integer.SIZE;
    if (sums[Digit.ROWS] == 0) {
      isEmpty = true;
      return;
    }
    if (first) {
      wanted = Math.round(k * sums[Digit.ROWS]) * (sums[0] / sums[Digit.ROWS]) * (1 - ROUNDING);
    }
    double found = 0;
    for (int digit = Digit.DIGITS; digit < sums.length; digit++) {
      found += sums[digit];
    }
    if (first && hopes && (found < wanted || sums[Digit.TOO_EXPENSIVE] > 0)) {
      hopes = false;
    } else if (first && !hopes) {
      narrow(sums, UPPER_BITS);
      isEmpty = found == 0;
      bound = Math.max(0f, Math.nextDown(Float.intBitsToFloat(prefix << UPPER_BITS)));
    } else {
      narrow(sums, digitBits);
    }
  }

  /**
   * Searches from the largest digit down to the digit where the weight is reached, or to the
   * smallest that occurs.
   */
  private void narrow(double[] sums, int bits) {
    int found = 0;
    double above = 0;
    double aboveFound = 0;
    for (int digit = (1 << bits) - 1; digit >= 0; digit--) {
      double weight = sums[Digit.DIGITS + digit];
      if (weight > 0) {
        found = digit;
        aboveFound = above;
        above += weight;
        if (above >= wanted) {
          break;
        }
      }
    }
    wanted -= aboveFound;
    prefix = prefix << bits | found;
    unknownBits -= bits;
  }

  /**
   * Returns the smallest activation that is kept, infinite if none is above 0. A second element, 1,
   * says that activations were computed one by one.
   */
  @Override
  public float[] found() {
    float threshold = isEmpty ? Float.POSITIVE_INFINITY : Float.intBitsToFloat(prefix);
    return single && hopes ? new float[] {threshold, 1} : new float[] {threshold};
  }

  /** Returns whether a search has counted activations that were computed one by one. */
  static boolean single(float[] found) {
    return found.length > 1;
  }
}

package org.sparksae.core.stats;

import java.io.Serializable;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;

/**
 * How often each unit of a code fires, which means that it is not 0.
 *
 * @param shares for each unit, the share of the rows in which it fires, by their weights, from 0 to
 *     1
 */
public record FiringShares(double[] shares) implements Serializable {

  /**
   * A unit that fires in more than this share of the rows is dense. The literature on sparse
   * autoencoders of language models uses the same bound.
   */
  public static final double DENSE = 0.1;

  /**
   * Computes the shares.
   *
   * @param sums from {@code from} on, for each unit, the weight of the rows in which it fires
   * @param weight weight of all rows
   */
  public static FiringShares of(double[] sums, int from, int units, double weight) {
    // The rounding errors of both sums may differ.
    return new FiringShares(
        IntStream.range(from, from + units)
            .mapToDouble(j -> Math.min(1, sums[j] / weight))
            .toArray());
  }

  /** Units that fire in no row, ascending. */
  public int[] dead() {
    return where(share -> share == 0);
  }

  /** Units that fire in more than {@value #DENSE} of the rows, ascending. */
  public int[] dense() {
    return where(share -> share > DENSE);
  }

  /** Share of the units that fire in no row. */
  public double deadFraction() {
    return (double) dead().length / shares.length;
  }

  /** Share of the units that fire in more than {@value #DENSE} of the rows. */
  public double denseFraction() {
    return (double) dense().length / shares.length;
  }

  /** How many units fire how often. */
  public FiringHistogram histogram() {
    return FiringHistogram.of(shares);
  }

  private int[] where(DoublePredicate share) {
    return IntStream.range(0, shares.length).filter(j -> share.test(shares[j])).toArray();
  }
}

package org.sparksae.core.rows;

import org.sparksae.core.Text;

/** Adds up the results of {@link PartitionFunction}s. */
public final class Sums {
  private Sums() {}

  /**
   * Adds {@code more} to {@code sums} and returns {@code sums}; returns {@code more} if {@code
   * sums} is null.
   */
  public static double[] add(double[] sums, double[] more) {
    if (sums == null) {
      return more;
    }
    if (sums.length != more.length) {
      throw new IllegalArgumentException(
          Text.format(
              "partitions must give sums of one length, got %d and %d", sums.length, more.length));
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] += more[i];
    }
    return sums;
  }
}

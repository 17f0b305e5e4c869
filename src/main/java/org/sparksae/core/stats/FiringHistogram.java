package org.sparksae.core.stats;

import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How many units of a code fire how often: a histogram of the decimal logarithms of their shares of
 * the rows.
 *
 * <p>Bin i has the units with {@code edges[i] <= log10(share) < edges[i + 1]}. The last bin also
 * has those that fire in every row. Bins are a quarter of a decade wide and begin at a multiple of
 * that, so bins of different models have the same borders.
 *
 * @param dead number of units that fire in no row, which are in no bin
 * @param edges borders of the bins, ascending, [bins + 1]; the last is 0
 * @param units number of units in each bin, [bins]
 */
public record FiringHistogram(int dead, double[] edges, int[] units) implements Serializable {
  private static final int BINS_PER_DECADE = 4;

  static FiringHistogram of(double[] shares) {
    double least = Arrays.stream(shares).filter(share -> share > 0).min().orElse(1);
    int bins = Math.max(BINS_PER_DECADE, -place(least));
    int[] units = new int[bins];
    int dead = 0;
    for (double share : shares) {
      if (share == 0) {
        dead++;
      } else {
        units[Math.min(bins - 1, bins + place(share))]++;
      }
    }
    double[] edges =
        IntStream.rangeClosed(-bins, 0).mapToDouble(i -> (double) i / BINS_PER_DECADE).toArray();
    return new FiringHistogram(dead, edges, units);
  }

  /** The bin of a share, counted from 0 for the bin above log10(share) = 0. */
  private static int place(double share) {
    return (int) Math.floor(BINS_PER_DECADE * StrictMath.log10(share));
  }
}

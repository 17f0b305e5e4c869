package org.sparksae.spark.ml.fit;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.sparksae.core.Text;
import org.sparksae.core.stats.InputStatistics;

/**
 * Whether the default Params can learn from input of this scale and, if not, which of MLlib's
 * scalers helps.
 */
final class InputScale {
  /** Dominant columns deviate more than the others by at least this factor. */
  private static final double GAP = 10;

  private static final double DOMINANT_SHARE = 0.95;

  /** Offset of the rows, in units of their spread, above which units saturate. */
  private static final double LARGE_OFFSET = 5;

  private static final double LARGE_SPREAD = 8;
  private static final double SMALL_SPREAD = 0.05;

  private final InputStatistics inputs;
  private final boolean sparse;
  private final boolean preBias;
  private final double factor;
  private final String dominated;

  /**
   * Checks columns.
   *
   * @param sparse whether rows are kept as their non-zeros, which centring would make dense
   * @param preBias whether the model subtracts an offset itself
   * @param factor of the rows in training
   */
  InputScale(InputStatistics inputs, boolean sparse, boolean preBias, double factor) {
    this.inputs = inputs;
    this.sparse = sparse;
    this.preBias = preBias;
    this.factor = factor;
    this.dominated = dominance();
  }

  /** Which columns have nearly all of the variance; null if none do. */
  String dominated() {
    return dominated;
  }

  /** The scaler to use. */
  String remedy() {
    return sparse
        ? "scale the columns with MLlib's MaxAbsScaler or StandardScaler (withMean = false), which"
            + " keep vectors sparse, before this stage"
        : "scale the columns with MLlib's StandardScaler (withMean = true) before this stage";
  }

  /** What is wrong with the scale, and the remedy; null if nothing is. */
  String problem() {
    double spread = inputs.spread();
    double offset = inputs.offset();
    if (spread == 0) {
      return "all rows are equal; there is nothing to learn";
    }
    if (dominated != null) {
      return dominated + "; " + remedy();
    }
    if (!preBias && offset > LARGE_OFFSET * spread) {
      return text(
          "the rows share an offset of %.3g, but differ by %.3g only; %s, or set preBias = mean",
          offset, spread, remedy());
    }
    double seen = factor * spread;
    if (seen > LARGE_SPREAD) {
      return text("the values' standard deviation is %.3g, far above 1; %s", seen, bounded());
    }
    if (seen < SMALL_SPREAD) {
      return text("the values' standard deviation is %.3g, far below 1; %s", seen, bounded());
    }
    return null;
  }

  private String bounded() {
    return sparse
        ? remedy()
        : remedy() + ", or MinMaxScaler where values are bounded, such as pixels";
  }

  /**
   * The columns of which a tenth at most have 95 % of the variance, each far more than any other.
   */
  private String dominance() {
    double[] variances = inputs.variances();
    int[] order =
        IntStream.range(0, variances.length)
            .boxed()
            .sorted((a, b) -> Double.compare(variances[b], variances[a]))
            .mapToInt(Integer::intValue)
            .toArray();
    double total = inputs.totalVariance();
    double sum = 0;
    for (int m = 1; m <= Math.max(1, order.length / 10) && m < order.length - 1; m++) {
      sum += variances[order[m - 1]];
      boolean hasGap = variances[order[m - 1]] > GAP * GAP * variances[order[m]];
      if (total > 0 && sum >= DOMINANT_SHARE * total && hasGap) {
        return text(
            "%.1f %% of the variance are in %s of %d (standard deviation %.3g, the next largest"
                + " %.3g)",
            100 * sum / total,
            columns(Arrays.copyOf(order, m)),
            order.length,
            Math.sqrt(variances[order[0]]),
            Math.sqrt(variances[order[m]]));
      }
    }
    return null;
  }

  private static String columns(int[] dominant) {
    return dominant.length == 1
        ? "column " + dominant[0]
        : "the columns " + dominant[0] + ", " + dominant[1] + (dominant.length > 2 ? ", …" : "");
  }

  private static String text(String format, Object... values) {
    return Text.format(format, values);
  }
}

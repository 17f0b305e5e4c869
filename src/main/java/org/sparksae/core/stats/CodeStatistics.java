package org.sparksae.core.stats;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.sparksae.core.Text;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.rows.PartitionSum;

/**
 * Statistics of a trained model on data, computed in one pass. Every mean is weighted by the rows'
 * weights, so rows of weight 0 do not count.
 *
 * <p>Codes are those of a {@link MeasuredCode}; activations below {@code activationThreshold} count
 * as 0. A map of a convolution is one unit: it is active in a row if it is active at some position.
 * {@code l0} counts positions, and {@code l1} adds them up.
 *
 * @param rows number of rows, including those of weight 0
 * @param weight sum of the row weights
 * @param meanActivations for each hidden layer, the mean of each unit, [units]
 * @param l0 mean number of active values of a row's code
 * @param l1 mean sum of the magnitudes of a row's code
 * @param firing in which share of the rows each code unit is active
 * @param constantUnits code units that are not dead and whose standard deviation over the rows is
 *     at most {@value #CONSTANT} times the magnitude of their mean, ascending
 * @param alwaysOnUnits code units that are active in every row and at every position, ascending;
 *     with {@code activationThreshold = 0} these are all units of a sigmoid layer
 * @param meanSquaredError {@code (1/(W d)) sum of w |x_hat - x|^2}
 * @param fvu fraction of variance unexplained: {@code sum of w |x - x_hat|^2 / sum of w |x - mean
 *     x|^2}; if all rows are equal, 0 for a perfect reconstruction and otherwise 1
 * @param nested the same for each nested width of the model, rising; empty if it has none
 * @param cosine mean of the {@link Cosine} of a row and its reconstruction
 * @param inputs statistics of the input rows
 * @param targets statistics of the rows that are reconstructed: the input, or what a transcoder
 *     predicts
 */
public record CodeStatistics(
    long rows,
    double weight,
    List<double[]> meanActivations,
    double l0,
    double l1,
    FiringShares firing,
    int[] constantUnits,
    int[] alwaysOnUnits,
    double meanSquaredError,
    double fvu,
    List<NestedFvu> nested,
    double cosine,
    InputStatistics inputs,
    InputStatistics targets)
    implements Serializable {

  /** A unit that deviates by a hundredth of its mean says nothing about a row. */
  private static final double CONSTANT = 0.01;

  /**
   * The square of a relative spread of 1e-6, which is near the resolution of float. The rounding
   * error of a sum of 1e8 squares in double is about as large.
   */
  static final double ROUNDING = 1e-12;

  /** Code units that are never active, ascending. */
  public int[] deadUnits() {
    return firing.dead();
  }

  /** Code units that are active in more than {@value FiringShares#DENSE} of the rows, ascending. */
  public int[] denseUnits() {
    return firing.dense();
  }

  /** {@code 1 - fvu}: 1 is perfect, 0 is no better than the mean row. */
  public double explainedVariance() {
    return 1 - fvu;
  }

  /** One line, with the mean activation of each layer. */
  @Override
  public String toString() {
    return Text.format(
        "%d rows, mean squared error %.6g, explained variance %.4f, mean activations %s, L0 %.1f, %d dead units",
        rows,
        meanSquaredError,
        explainedVariance(),
        meanActivations.stream().map(CodeStatistics::mean).toList(),
        l0,
        deadUnits().length);
  }

  private static String mean(double[] values) {
    return Text.format("%.4f", Arrays.stream(values).average().orElse(Double.NaN));
  }

  /**
   * Computes the statistics of the code that training used.
   *
   * @param activationThreshold activations of smaller magnitude count as 0
   */
  public static CodeStatistics of(
      AutoencoderSpec spec, float[] parameters, PartitionSum data, double activationThreshold) {
    return of(MeasuredCode.of(spec, activationThreshold), parameters, data);
  }

  /** Computes the statistics of a code. */
  public static CodeStatistics of(MeasuredCode form, float[] parameters, PartitionSum data) {
    CodeSums function = new CodeSums(form);
    try (PartitionSum.Evaluator evaluator = data.with(parameters)) {
      return of(function, evaluator.sum(function));
    }
  }

  private static CodeStatistics of(CodeSums function, double[] sums) {
    AutoencoderSpec spec = function.spec();
    double weight = sums[CodeSums.WEIGHT];
    double error = sums[CodeSums.SQUARED_ERROR];
    List<double[]> means = new ArrayList<>();
    for (int k = 1; k <= spec.depth(); k++) {
      means.add(Units.of(function, k, sums).means());
    }
    Units code = Units.of(function, function.form().layer(), sums);
    return new CodeStatistics(
        (long) sums[CodeSums.ROWS],
        weight,
        List.copyOf(means),
        code.l0(),
        sums[CodeSums.L1] / weight,
        code.firing(),
        code.where(code::isConstant),
        code.where(code::isAlwaysOn),
        error / (weight * spec.outputSize()),
        fvu(error, variance(spec, sums)),
        nested(function, sums),
        sums[CodeSums.COSINE] / weight,
        InputStatistics.of(sums, function.inputs(), spec.inputSize(), weight),
        InputStatistics.of(sums, CodeSums.TARGETS, spec.outputSize(), weight));
  }

  private static List<NestedFvu> nested(CodeSums function, double[] sums) {
    List<Integer> widths = function.form().widths();
    double variance = variance(function.spec(), sums);
    return IntStream.range(0, widths.size())
        .mapToObj(
            g -> new NestedFvu(widths.get(g), fvu(sums[function.widthsOffset() + g], variance)))
        .toList();
  }

  /** Sums of one layer's units. */
  private record Units(double[] sums, int from, int units, int positions) {

    static Units of(CodeSums function, int layer, double[] sums) {
      AutoencoderSpec spec = function.spec();
      int units = spec.units(layer);
      return new Units(sums, function.layerOffset(layer), units, spec.size(layer) / units);
    }

    /** Total weight of a unit's values: each position has the weight of its row. */
    private double weight() {
      return sums[CodeSums.WEIGHT] * positions;
    }

    private double active(int unit) {
      return sums[from + 2 * units + unit];
    }

    double[] means() {
      return IntStream.range(0, units).mapToDouble(j -> sums[from + j] / weight()).toArray();
    }

    double l0() {
      return IntStream.range(0, units).mapToDouble(this::active).sum() / sums[CodeSums.WEIGHT];
    }

    FiringShares firing() {
      return FiringShares.of(sums, from + 3 * units, units, sums[CodeSums.WEIGHT]);
    }

    int[] where(IntPredicate of) {
      return IntStream.range(0, units).filter(of).toArray();
    }

    boolean isConstant(int unit) {
      double mean = sums[from + unit] / weight();
      double variance = sums[from + units + unit] / weight() - mean * mean;
      return active(unit) > 0 && variance <= CONSTANT * CONSTANT * mean * mean;
    }

    /** Sums of fractional weights have a rounding error. */
    boolean isAlwaysOn(int unit) {
      return active(unit) >= weight() * (1 - ROUNDING);
    }
  }

  /** {@code sum of w |x|^2 - |sum of w x|^2 / W}. */
  private static double variance(AutoencoderSpec spec, double[] sums) {
    int d = spec.outputSize();
    double squares = 0;
    double squaredMean = 0;
    for (int j = CodeSums.TARGETS; j < CodeSums.TARGETS + d; j++) {
      squares += sums[d + j];
      squaredMean += sums[j] * sums[j];
    }
    return variance(squares, squaredMean / sums[CodeSums.WEIGHT]);
  }

  /**
   * {@code sum of w |x - mean x|^2 = squares - squaredMean}, or 0 if that is at most {@value
   * #ROUNDING} times {@code squares}: for equal rows the difference is a rounding error of either
   * sign.
   *
   * @param squares {@code sum of w |x|^2}
   * @param squaredMean {@code |sum of w x|^2 / W}
   */
  public static double variance(double squares, double squaredMean) {
    double variance = squares - squaredMean;
    return variance > ROUNDING * squares ? variance : 0;
  }

  /**
   * {@code error / variance}; without variance, 0 for a perfect reconstruction and otherwise 1.
   *
   * @param error {@code sum of w |x - x_hat|^2}
   * @param variance {@code sum of w |x - mean x|^2}
   */
  public static double fvu(double error, double variance) {
    if (variance <= 0) {
      return error == 0 ? 0 : 1;
    }
    return error / variance;
  }
}

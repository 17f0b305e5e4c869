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
 * What a trained model does with data, by one pass over it; every mean is one by the weights of the
 * rows, and rows of weight 0 do not count.
 *
 * <p>Codes are those of a {@link MeasuredCode}, where what is below {@code activationThreshold} is
 * 0. A map of a convolution is one unit: it is active in a row where it is at some position, and
 * {@code l0} counts the positions.
 *
 * @param rows number of rows, those of weight 0 included
 * @param weight sum of the row weights
 * @param meanActivations per hidden layer the mean of each unit, [units]
 * @param l0 mean number of active values of a row's code
 * @param deadUnits code units that are active in no row, ascending
 * @param constantUnits code units that are active and whose standard deviation over the rows is at
 *     most {@value #CONSTANT} of their mean's magnitude, ascending
 * @param alwaysOnUnits code units that are active in every row and at every position, ascending;
 *     with {@code activationThreshold = 0} all units of a sigmoid are
 * @param meanSquaredError {@code (1/(W d)) sum of w |x_hat - x|^2}
 * @param explainedVariance {@code 1 - sum of w |x - x_hat|^2 / sum of w |x - mean x|^2}; where all
 *     rows are equal, 1 for a perfect reconstruction and else 0
 * @param inputs of the rows themselves
 */
public record CodeStatistics(
    long rows,
    double weight,
    List<double[]> meanActivations,
    double l0,
    int[] deadUnits,
    int[] constantUnits,
    int[] alwaysOnUnits,
    double meanSquaredError,
    double explainedVariance,
    InputStatistics inputs)
    implements Serializable {

  /** A deviation of a hundredth of the mean tells nothing of a row. */
  private static final double CONSTANT = 0.01;

  /**
   * A spread of a millionth of the values, not far above the resolution of float; sums of 1e8
   * squares in double are off by about as much.
   */
  private static final double ROUNDING = 1e-12;

  /** In a line; of mean activations the mean over each layer's units. */
  @Override
  public String toString() {
    return Text.format(
        "%d rows, mean squared error %.6g, explained variance %.4f, mean activations %s, L0 %.1f, %d dead units",
        rows,
        meanSquaredError,
        explainedVariance,
        meanActivations.stream().map(CodeStatistics::mean).toList(),
        l0,
        deadUnits.length);
  }

  private static String mean(double[] values) {
    return Text.format("%.4f", Arrays.stream(values).average().orElse(Double.NaN));
  }

  /**
   * Looks at every row once, in the form of training.
   *
   * @param activationThreshold codes of smaller magnitude count as zero
   */
  public static CodeStatistics of(
      AutoencoderSpec spec, float[] parameters, PartitionSum data, double activationThreshold) {
    return of(MeasuredCode.of(spec, activationThreshold), parameters, data);
  }

  /** Looks at every row once. */
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
        code.where(code::isDead),
        code.where(code::isConstant),
        code.where(code::isAlwaysOn),
        error / (weight * spec.inputSize()),
        explainedVariance(error, variance(spec, sums)),
        InputStatistics.of(sums, CodeSums.INPUTS, spec.inputSize(), weight));
  }

  /** The sums of a layer's units. */
  private record Units(double[] sums, int from, int units, int positions) {

    static Units of(CodeSums function, int layer, double[] sums) {
      AutoencoderSpec spec = function.spec();
      int units = spec.units(layer);
      return new Units(sums, function.layerOffset(layer), units, spec.size(layer) / units);
    }

    /** Weight of the unit's values, each position by that of its row. */
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

    int[] where(IntPredicate of) {
      return IntStream.range(0, units).filter(of).toArray();
    }

    boolean isDead(int unit) {
      return active(unit) == 0;
    }

    boolean isConstant(int unit) {
      double mean = sums[from + unit] / weight();
      double variance = sums[from + units + unit] / weight() - mean * mean;
      return !isDead(unit) && variance <= CONSTANT * CONSTANT * mean * mean;
    }

    /** Weights that are no whole numbers leave a rounding error. */
    boolean isAlwaysOn(int unit) {
      return active(unit) >= weight() * (1 - ROUNDING);
    }
  }

  /** {@code sum of w |x|^2 - |sum of w x|^2 / W}. */
  private static double variance(AutoencoderSpec spec, double[] sums) {
    int d = spec.inputSize();
    double squares = 0;
    double squaredMean = 0;
    for (int j = CodeSums.INPUTS; j < CodeSums.INPUTS + d; j++) {
      squares += sums[d + j];
      squaredMean += sums[j] * sums[j];
    }
    return variance(squares, squaredMean / sums[CodeSums.WEIGHT]);
  }

  /**
   * {@code sum of w |x - mean x|^2 = squares - squaredMean}, or 0 where that is less than {@value
   * #ROUNDING} of {@code squares}: rows that are equal leave a difference of rounding errors, of
   * either sign.
   *
   * @param squares {@code sum of w |x|^2}
   * @param squaredMean {@code |sum of w x|^2 / W}
   */
  public static double variance(double squares, double squaredMean) {
    double variance = squares - squaredMean;
    return variance > ROUNDING * squares ? variance : 0;
  }

  /** {@code 1 - error / variance}; without variance 1 for a perfect reconstruction and else 0. */
  public static double explainedVariance(double error, double variance) {
    if (variance <= 0) {
      return error == 0 ? 1 : 0;
    }
    return 1 - error / variance;
  }
}

package org.sparksae.core.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.sparksae.core.nn.AutoencoderSpec;

/**
 * What a trained model does with data, by one pass over it.
 *
 * @param rows number of rows
 * @param weight sum of the row weights
 * @param meanActivations per hidden layer rho_hat of each unit, [units]
 * @param l0 mean number of active code units of a row
 * @param deadUnits code units that are active in no row, ascending
 * @param meanSquaredError {@code (1/(N d)) sum over i of |x_hat_i - x_i|^2}
 * @param explainedVariance {@code 1 - sum |x - x_hat|^2 / sum |x - mean x|^2}; where all rows are
 *     equal, 1 for a perfect reconstruction and else 0
 */
public record CodeStatistics(
    long rows,
    double weight,
    List<double[]> meanActivations,
    double l0,
    int[] deadUnits,
    double meanSquaredError,
    double explainedVariance)
    implements Serializable {

  /**
   * A spread of a millionth of the values, not far above the resolution of float; sums of 1e8
   * squares in double are off by about as much.
   */
  private static final double ROUNDING = 1e-12;

  /** In a line; of mean activations the mean over each layer's units. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d rows, mean squared error %.6g, explained variance %.4f, mean activations %s, L0 %.1f, %d dead units",
        rows,
        meanSquaredError,
        explainedVariance,
        meanActivations.stream().map(CodeStatistics::mean).toList(),
        l0,
        deadUnits.length);
  }

  private static String mean(double[] values) {
    return String.format(Locale.ROOT, "%.4f", Arrays.stream(values).average().orElse(Double.NaN));
  }

  /**
   * Looks at every row once.
   *
   * @param activationThreshold codes of smaller magnitude count as zero
   */
  public static CodeStatistics of(
      AutoencoderSpec spec, float[] parameters, PartitionSum data, double activationThreshold) {
    CodeSums function = new CodeSums(spec, activationThreshold);
    try (PartitionSum.Evaluator evaluator = data.with(parameters)) {
      return of(function, evaluator.sum(function));
    }
  }

  private static CodeStatistics of(CodeSums function, double[] sums) {
    AutoencoderSpec spec = function.spec();
    double weight = sums[CodeSums.WEIGHT];
    double error = sums[CodeSums.SQUARED_ERROR];
    return new CodeStatistics(
        (long) sums[CodeSums.ROWS],
        weight,
        meanActivations(function, sums),
        l0(function, sums),
        deadUnits(function, sums),
        error / (weight * spec.inputSize()),
        explainedVariance(error, variance(spec, sums)));
  }

  private static List<double[]> meanActivations(CodeSums function, double[] sums) {
    List<double[]> layers = new ArrayList<>();
    int from = function.hiddenOffset();
    for (int k = 1; k <= function.spec().depth(); k++) {
      double[] means = new double[function.spec().units(k)];
      for (int j = 0; j < means.length; j++) {
        means[j] = sums[from + j] / sums[CodeSums.WEIGHT];
      }
      layers.add(means);
      from += means.length;
    }
    return List.copyOf(layers);
  }

  private static double l0(CodeSums function, double[] sums) {
    double active = 0;
    for (int j = function.activeOffset(); j < sums.length; j++) {
      active += sums[j];
    }
    return active / sums[CodeSums.ROWS];
  }

  private static int[] deadUnits(CodeSums function, double[] sums) {
    int from = function.activeOffset();
    return IntStream.range(0, function.spec().units(function.spec().depth()))
        .filter(j -> sums[from + j] == 0)
        .toArray();
  }

  /** {@code sum of w |x|^2 - |sum of w x|^2 / W}. */
  private static double variance(AutoencoderSpec spec, double[] sums) {
    double squaredMean = 0;
    for (int j = CodeSums.INPUTS; j < CodeSums.INPUTS + spec.inputSize(); j++) {
      squaredMean += sums[j] * sums[j];
    }
    return variance(sums[CodeSums.SQUARED_INPUT], squaredMean / sums[CodeSums.WEIGHT]);
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

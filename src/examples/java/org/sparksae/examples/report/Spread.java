package org.sparksae.examples.report;

import java.util.Arrays;
import org.sparksae.core.Text;

/** Mean and standard deviation of a figure over the seeds. */
public record Spread(double mean, double deviation) {

  /** The standard deviation is that of a sample, or 0 for one value. */
  public static Spread of(double[] values) {
    double mean = Arrays.stream(values).average().orElse(Double.NaN);
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return new Spread(mean, values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)));
  }

  @Override
  public String toString() {
    return Text.format("%.4f ± %.4f", mean, deviation);
  }
}

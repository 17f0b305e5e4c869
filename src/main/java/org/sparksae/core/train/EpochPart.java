package org.sparksae.core.train;

import java.io.Serializable;

/**
 * The part of an epoch that mini-batch training has made so far. With parameters, moments, buffers
 * and history it is all that is needed to continue inside the epoch, with the same bits.
 *
 * @param steps number of steps made
 * @param rows number of rows visited
 * @param weight sum of the weights of these rows
 * @param terms sum of each term of the objective over the batches, times the batch's weight; empty
 *     before the first step
 * @param seconds wall-clock time
 */
public record EpochPart(long steps, long rows, double weight, double[] terms, double seconds)
    implements Serializable {

  /** The part before an epoch's first step. */
  public static final EpochPart NONE = new EpochPart(0, 0, 0, new double[0], 0);

  /** Whether no step of the epoch has been made. */
  public boolean isEmpty() {
    return steps == 0;
  }

  /**
   * Returns the part with one more step.
   *
   * @param time wall-clock time of the epoch with this step, in seconds
   */
  EpochPart plus(BatchStep.Result step, double time) {
    double[] values = step.terms().values();
    double[] sums = isEmpty() ? new double[values.length] : terms.clone();
    for (int i = 0; i < sums.length; i++) {
      sums[i] += step.weight() * values[i];
    }
    return new EpochPart(steps + 1, rows + step.rows(), weight + step.weight(), sums, time);
  }

  /** Returns the mean of each term, weighted by the weights of the rows. */
  double[] means() {
    double[] means = terms.clone();
    for (int i = 0; i < means.length; i++) {
      means[i] /= weight;
    }
    return means;
  }

  /** The mean objective of the batches. */
  public double objective() {
    double sum = 0;
    for (double term : terms) {
      sum += term;
    }
    return sum / weight;
  }

  /** Rows per second. */
  public double rowsPerSecond() {
    return seconds > 0 ? rows / seconds : 0;
  }
}

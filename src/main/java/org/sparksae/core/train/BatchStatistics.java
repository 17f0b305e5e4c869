package org.sparksae.core.train;

import java.io.Serializable;
import java.util.function.Function;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.nn.code.CodeMakers;
import org.sparksae.core.nn.code.CodeSearch;

/**
 * Statistics of the whole batch that the gradient of every row needs.
 *
 * <p>They are always those of the global batch. If each worker used the statistics of its own rows,
 * the sum of the gradients would belong to another objective.
 *
 * @param means mean activation of every hidden unit, [hiddenUnits]; null if no penalty needs them
 * @param found what the kind of code needs, such as a threshold for each unit; null if it needs
 *     nothing
 */
record BatchStatistics(double[] means, float[] found) implements Serializable {

  /** No statistics. */
  static final BatchStatistics NONE = new BatchStatistics(null, null);

  /**
   * Computes the statistics: first the mean activations, then what the code needs.
   *
   * @param digitBits bits of a threshold that each round determines; more bits mean fewer rounds
   *     and longer sums
   * @param ask returns the answer to a question, summed over all rows of the batch
   */
  static BatchStatistics find(
      AutoencoderSpec spec, int digitBits, Function<Question, double[]> ask) {
    double[] means = null;
    if (spec.needsMeans()) {
      means = MeanActivations.of(ask.apply(new MeanActivations(spec.hiddenUnits())));
    }
    CodeSearch search = CodeMakers.search(spec.code(), digitBits);
    while (!search.isDone()) {
      search.take(ask.apply(new AboutCode(search.next())));
    }
    return new BatchStatistics(means, search.found());
  }
}

package org.sparksae.core.train;

import java.io.Serializable;
import java.util.function.Function;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.nn.code.CodeMakers;
import org.sparksae.core.nn.code.CodeSearch;

/**
 * What the gradient of any row needs to know of the whole batch.
 *
 * <p>All of it is about the global batch, wherever its rows are: gradients that each used the
 * statistics of one part would add up to the gradient of another objective.
 *
 * @param means mean activation of every hidden unit, [hiddenUnits]; null if no penalty needs them
 * @param found what the kind of code needs, such as a threshold for each unit; null if nothing
 */
record BatchStatistics(double[] means, float[] found) implements Serializable {

  /** Nothing. */
  static final BatchStatistics NONE = new BatchStatistics(null, null);

  /**
   * Asks the rows, phase by phase: their mean activations first, then what the code needs.
   *
   * @param digitBits bits of a threshold that a round finds: more bits, fewer rounds, longer sums
   * @param ask the sum over all rows of the batch of their answers to a question
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

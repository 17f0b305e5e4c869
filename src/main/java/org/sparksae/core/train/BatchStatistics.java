package org.sparksae.core.train;

import java.io.Serializable;
import java.util.function.Function;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.AuxK;
import org.sparksae.core.nn.BatchFactors;
import org.sparksae.core.nn.code.CodeMakers;
import org.sparksae.core.nn.code.CodeMemory;
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
 * @param auxiliary weight of the auxiliary loss of a row; 0 if there is none
 */
record BatchStatistics(double[] means, float[] found, double auxiliary) implements Serializable {

  /** No statistics. */
  static final BatchStatistics NONE = new BatchStatistics(null, null, 0);

  /** Returns what the gradient of every row needs to know. */
  BatchFactors factors(AutoencoderSpec spec) {
    return new BatchFactors(Objectives.slopes(spec, means), auxiliary);
  }

  /**
   * Computes the statistics: first the mean activations, then what the code needs, then the
   * variance of the residual if there are dead latents to explain it.
   *
   * @param memory what the training remembers of earlier batches
   * @param digitBits bits of a threshold that each round determines; more bits mean fewer rounds
   *     and longer sums
   * @param ask returns the answer to a question, summed over all rows of the batch
   */
  static BatchStatistics find(
      AutoencoderSpec spec, CodeMemory memory, int digitBits, Function<Question, double[]> ask) {
    double[] means = null;
    if (spec.needsMeans()) {
      means = MeanActivations.of(ask.apply(new MeanActivations(spec.hiddenUnits())));
    }
    CodeSearch search = CodeMakers.search(spec.code(), memory, digitBits);
    while (!search.isDone()) {
      search.take(ask.apply(new AboutCode(search.next())));
    }
    float[] found = search.found();
    double auxiliary = 0;
    AuxK auxK = spec.code().form().loss().auxK();
    if (auxK != null && memory.dead().length > 0) {
      Residual residual = new Residual(spec.outputSize(), found);
      auxiliary = auxK.weight() * Residual.scale(ask.apply(residual));
    }
    return new BatchStatistics(means, found, auxiliary);
  }
}

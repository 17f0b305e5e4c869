package org.sparksae.core.train;

import org.sparksae.core.model.ObjectiveTerms;

/**
 * The objective over a batch.
 *
 * @param terms its named terms
 * @param gradient dJ/dparameters, flat
 * @param rows rows in the batch
 * @param weight sum of their weights
 * @param firings rows in which each unit of the code is active; empty if that is not counted
 */
public record Evaluation(
    ObjectiveTerms terms, double[] gradient, long rows, double weight, double[] firings) {
  /** Whether no element of the gradient is NaN or infinite. */
  boolean hasFiniteGradient() {
    for (double element : gradient) {
      if (!Double.isFinite(element)) {
        return false;
      }
    }
    return true;
  }
}

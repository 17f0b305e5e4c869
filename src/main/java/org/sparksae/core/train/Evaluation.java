package org.sparksae.core.train;

import org.sparksae.core.model.ObjectiveTerms;

/**
 * Objective and gradient of a batch.
 *
 * @param terms the terms of the objective
 * @param gradient dJ/dparameters, flat
 * @param rows number of rows in the batch
 * @param weight sum of their weights
 * @param firings number of rows in which each unit of the code is active; empty if firings are not
 *     counted
 */
public record Evaluation(
    ObjectiveTerms terms, double[] gradient, long rows, double weight, double[] firings) {
  /** Whether all elements of the gradient are finite. */
  boolean hasFiniteGradient() {
    for (double element : gradient) {
      if (!Double.isFinite(element)) {
        return false;
      }
    }
    return true;
  }
}

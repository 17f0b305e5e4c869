package org.sparksae.core.train;

import org.sparksae.core.model.ObjectiveTerms;

/**
 * Objective and gradient of a batch.
 *
 * @param terms the terms of the objective
 * @param gradient dJ/dparameters, flat
 * @param rows number of rows in the batch
 * @param weight sum of their weights
 * @param firings those of {@link org.sparksae.core.model.ObjectiveLayout#firingsIn}
 * @param found what the code needed to know about the batch; null if it needed nothing
 * @param rowLosses what {@link RowLosses} says of each row; empty if it was not asked for
 */
public record Evaluation(
    ObjectiveTerms terms,
    double[] gradient,
    long rows,
    double weight,
    double[] firings,
    float[] found,
    double[] rowLosses) {
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

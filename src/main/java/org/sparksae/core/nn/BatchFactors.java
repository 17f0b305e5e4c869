package org.sparksae.core.nn;

/**
 * What the gradient of every row needs to know of the whole batch. The gradient takes it as
 * constant.
 *
 * @param meanSlopes {@code w s'(rho, mean_j)} per hidden layer, [units], or null where the penalty
 *     is not a function of means
 * @param auxiliary weight of the auxiliary loss of a row; 0 if there is none
 */
public record BatchFactors(float[][] meanSlopes, double auxiliary) {

  /** Factors of an objective without an auxiliary loss. */
  public static BatchFactors of(float[][] meanSlopes) {
    return new BatchFactors(meanSlopes, 0);
  }
}

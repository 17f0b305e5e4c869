package org.sparksae.core.train;

import java.io.Serializable;

/**
 * What the loops are told, by the names of the Params.
 *
 * @param maxIter passes over the data at most: epochs of mini-batches, or L-BFGS iterations; 0 or
 *     more
 * @param tol stop when a pass changes the objective by at most this share of it; 0 or more
 * @param batchSize rows of a mini-batch, 1 or more
 * @param stepSize Adam's learning rate, above 0
 * @param seed seed of the rows' order
 * @param kStart units of a k-sparse code that are kept at first, k or more; 0 for k from the
 *     beginning
 */
public record TrainingSettings(
    int maxIter, double tol, int batchSize, double stepSize, long seed, int kStart)
    implements Serializable {

  /** Without a schedule of k. */
  public TrainingSettings(int maxIter, double tol, int batchSize, double stepSize, long seed) {
    this(maxIter, tol, batchSize, stepSize, seed, 0);
  }
}

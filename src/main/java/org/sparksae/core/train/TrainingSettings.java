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
 * @param seed seed of the rows' order and of the noise
 * @param kStart units of a k-sparse code that are kept at first, k or more; 0 for k from the
 *     beginning
 * @param corruption of the encoder's input: of mini-batches another draw for each epoch, of L-BFGS
 *     one for the run, since a line search needs an objective that stays the same
 */
public record TrainingSettings(
    int maxIter,
    double tol,
    int batchSize,
    double stepSize,
    long seed,
    int kStart,
    Corruption corruption)
    implements Serializable {

  /** Without corruption. */
  public TrainingSettings(
      int maxIter, double tol, int batchSize, double stepSize, long seed, int kStart) {
    this(maxIter, tol, batchSize, stepSize, seed, kStart, Corruption.NONE);
  }

  /** Without a schedule of k, too. */
  public TrainingSettings(int maxIter, double tol, int batchSize, double stepSize, long seed) {
    this(maxIter, tol, batchSize, stepSize, seed, 0);
  }

  /** The same with corruption. */
  TrainingSettings with(Corruption corruption) {
    return new TrainingSettings(maxIter, tol, batchSize, stepSize, seed, kStart, corruption);
  }

  /** The noise of an epoch, from 1; null for none. */
  Noise noiseAt(int epoch) {
    return corruption.at(seed, epoch);
  }

  /** The noise of what is looked at again and again, and compared; null for none. */
  Noise fixedNoise() {
    return corruption.at(seed, Noise.FIXED);
  }
}

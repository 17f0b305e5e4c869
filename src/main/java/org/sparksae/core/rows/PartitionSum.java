package org.sparksae.core.rows;

/**
 * The port through which the training loops reach the data: sums functions of partitions over all
 * partitions.
 *
 * <p>Implementations add in partition order, so that equal rows in equal partitions give equal
 * bits, wherever and in whatever order they were computed.
 */
public interface PartitionSum {

  /** Makes parameters known to every partition; close it when done with them. */
  Evaluator with(float[] parameters);

  /** Sums at fixed parameters. */
  interface Evaluator extends AutoCloseable {

    /** The element-wise sum of {@code function} over all partitions, in partition order. */
    double[] sum(PartitionFunction function);

    @Override
    void close();
  }
}

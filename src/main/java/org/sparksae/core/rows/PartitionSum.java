package org.sparksae.core.rows;

/**
 * Sums functions of partitions over all partitions. Training loops reach the data only through this
 * interface.
 *
 * <p>Implementations add in partition order, so that the same rows in the same partitions give the
 * same bits, wherever and in whatever order the parts were computed.
 */
public interface PartitionSum {

  /** Sends parameters to every partition. The caller closes the evaluator. */
  Evaluator with(float[] parameters);

  /** Computes sums at fixed parameters. */
  interface Evaluator extends AutoCloseable {

    /** Returns the element-wise sum of {@code function} over all partitions, in partition order. */
    double[] sum(PartitionFunction function);

    @Override
    void close();
  }
}

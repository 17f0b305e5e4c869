package org.sparksae.core.train;

import org.sparksae.core.collective.Collective;
import org.sparksae.core.rows.PartitionFunction;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.PartitionSum;

/**
 * Sums over one partition per worker, by all-reduce: each worker computes the sums of its own rows
 * and receives the sums of all.
 *
 * <p>Results should be short. All workers must ask for the same sums in the same order.
 */
final class CollectiveSum implements PartitionSum {
  private final PartitionRows rows;
  private final Collective collective;

  /**
   * Sums as seen by one worker.
   *
   * @param rows the worker's rows
   */
  CollectiveSum(PartitionRows rows, Collective collective) {
    this.rows = rows;
    this.collective = collective;
  }

  @Override
  public Evaluator with(float[] parameters) {
    return new Evaluator() {
      @Override
      public double[] sum(PartitionFunction function) {
        double[] sums = function.apply(parameters, rows);
        collective.allReduceSum(sums);
        return sums;
      }

      @Override
      public void close() {}
    };
  }
}

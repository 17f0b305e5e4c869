package org.sparksae.core.train;

import org.sparksae.core.collective.Collective;
import org.sparksae.core.rows.PartitionFunction;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.PartitionSum;

/**
 * One partition for each worker: every worker sums over its own, and learns the sum of all.
 *
 * <p>For functions of short results; all workers ask for the same sums in the same order.
 */
final class CollectiveSum implements PartitionSum {
  private final PartitionRows rows;
  private final Collective collective;

  /**
   * A worker's view.
   *
   * @param rows its own rows
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

package org.sparksae.core.train;

import java.util.ArrayList;
import java.util.List;

/** Partitions in this process, one after another: the loop without Spark. */
public final class LocalPartitionSum implements PartitionSum {
  private final List<PartitionRows> partitions = new ArrayList<>();

  /** Partitions of the given blocks, in order; a partition may be empty, but there must be one. */
  public LocalPartitionSum(List<List<RowBlock>> partitions) {
    if (partitions.isEmpty()) {
      throw new IllegalArgumentException("need at least one partition, got none");
    }
    long firstRow = 0;
    for (List<RowBlock> blocks : partitions) {
      PartitionRows rows = new PartitionRows(blocks, firstRow);
      firstRow += rows.rows();
      this.partitions.add(rows);
    }
  }

  @Override
  public Evaluator with(float[] parameters) {
    return new Evaluator() {
      @Override
      public double[] sum(PartitionFunction function) {
        double[] sums = null;
        for (PartitionRows rows : partitions) {
          sums = Sums.add(sums, function.apply(parameters, rows));
        }
        return sums;
      }

      @Override
      public void close() {}
    };
  }
}

package org.sparksae.bench;

import java.util.ArrayList;
import java.util.List;
import org.sparksae.core.train.PartitionFunction;
import org.sparksae.core.train.PartitionRows;
import org.sparksae.core.train.PartitionSum;
import org.sparksae.core.train.RowBlock;
import org.sparksae.core.train.Sums;

/** The loops without Spark on all cores: one partition per core, each in a thread of its own. */
final class ParallelPartitionSum implements PartitionSum, AutoCloseable {
  private final Cores cores = new Cores();
  private final List<PartitionRows> partitions = new ArrayList<>();

  /** Blocks, cut into as many partitions as there are cores. */
  ParallelPartitionSum(List<RowBlock> blocks) {
    long firstRow = 0;
    for (int core = 0; core < Cores.COUNT; core++) {
      int from = blocks.size() * core / Cores.COUNT;
      int to = blocks.size() * (core + 1) / Cores.COUNT;
      PartitionRows rows = new PartitionRows(blocks.subList(from, to), firstRow);
      firstRow += rows.rows();
      partitions.add(rows);
    }
  }

  @Override
  public Evaluator with(float[] parameters) {
    return new Evaluator() {
      @Override
      public double[] sum(PartitionFunction function) {
        double[][] results = new double[Cores.COUNT][];
        cores.run(core -> results[core] = function.apply(parameters, partitions.get(core)));
        double[] sums = null;
        for (double[] result : results) {
          sums = Sums.add(sums, result);
        }
        return sums;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void close() {
    cores.close();
  }
}

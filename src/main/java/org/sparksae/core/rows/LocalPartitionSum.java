package org.sparksae.core.rows;

import java.util.ArrayList;
import java.util.List;
import org.sparksae.core.linalg.Team;

/** Sums over partitions in this process, one partition per thread, without Spark. */
public final class LocalPartitionSum implements PartitionSum {
  private final List<PartitionRows> partitions = new ArrayList<>();
  private final Team team;

  /** Sums over the partitions in one thread. */
  public LocalPartitionSum(List<List<RowBlock>> partitions) {
    this(partitions, Team.SOLO);
  }

  /**
   * Sums over partitions of the given blocks, in order. A partition may be empty, but there must be
   * at least one.
   *
   * @param team threads that process them
   */
  public LocalPartitionSum(List<List<RowBlock>> partitions, Team team) {
    this.team = team;
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
        double[][] parts = new double[partitions.size()][];
        team.split(
            parts.length,
            1,
            (member, from, to) -> {
              for (int p = from; p < to; p++) {
                parts[p] = function.apply(parameters, partitions.get(p));
              }
            });
        double[] sums = null;
        for (double[] part : parts) {
          sums = Sums.add(sums, part);
        }
        return sums;
      }

      @Override
      public void close() {}
    };
  }
}

package org.sparksae.core.rows;

import java.io.Serializable;

/** A function of one partition's rows whose results are summed over the partitions. */
public interface PartitionFunction extends Serializable {

  /**
   * Returns sums over the rows of one partition.
   *
   * @param parameters flat parameters, which must not be changed
   * @param rows the partition, possibly empty
   * @return the sums; their number must be the same for every partition
   */
  double[] apply(float[] parameters, PartitionRows rows);
}

package org.sparksae.core.rows;

import java.io.Serializable;

/** What is computed of one partition's rows; its results add up over partitions. */
public interface PartitionFunction extends Serializable {

  /**
   * Sums over the rows of one partition.
   *
   * @param parameters flat parameters; not changed
   * @param rows the partition, possibly empty
   * @return sums whose length depends on the function alone
   */
  double[] apply(float[] parameters, PartitionRows rows);
}

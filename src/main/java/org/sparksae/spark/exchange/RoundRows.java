package org.sparksae.spark.exchange;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction2;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.spark.data.RowStore;

/** The training rows of each worker and, if there are any, its validation rows. */
final class RoundRows {

  /**
   * One worker's rows. They stay where the worker runs, and are never serialised.
   *
   * @param training rows to train on
   * @param validation rows for early stopping, or null
   */
  record Share(PartitionRows training, PartitionRows validation) {}

  private RoundRows() {}

  /**
   * Returns an RDD with one element for each worker.
   *
   * @param validation validation rows in the same number of partitions, or null
   */
  static JavaRDD<Share> of(RowStore training, RowStore validation) {
    if (validation == null) {
      return training.data().map(rows -> new Share(rows, null));
    }
    FlatMapFunction2<Iterator<PartitionRows>, Iterator<PartitionRows>, Share> both =
        (rows, held) -> List.of(new Share(rows.next(), held.next())).iterator();
    return training.data().zipPartitions(validation.data(), both);
  }
}

package org.sparksae.spark.exchange;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction2;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.spark.data.RowStore;

/** The training rows of each worker and, if there are any, its validation rows. */
final class RoundRows {

  /** One worker's blocks. They stay where the worker runs, and are never serialised. */
  static final class Share {
    private final List<RowBlock> training;
    private final List<RowBlock> validation;

    private Share(List<RowBlock> training, List<RowBlock> validation) {
      this.training = training;
      this.validation = validation;
    }

    PartitionRows training() {
      return new PartitionRows(training);
    }

    PartitionRows validation() {
      return new PartitionRows(validation);
    }
  }

  private RoundRows() {}

  /**
   * Returns an RDD with one element for each worker.
   *
   * @param validation validation rows in the same number of partitions, or null
   */
  static JavaRDD<Share> of(RowStore training, RowStore validation) {
    if (validation == null) {
      return training
          .blocks()
          .mapPartitions(it -> List.of(new Share(list(it), List.of())).iterator());
    }
    FlatMapFunction2<Iterator<RowBlock>, Iterator<RowBlock>, Share> both =
        (rows, held) -> List.of(new Share(list(rows), list(held))).iterator();
    return training.blocks().zipPartitions(validation.blocks(), both);
  }

  private static List<RowBlock> list(Iterator<RowBlock> blocks) {
    List<RowBlock> list = new ArrayList<>();
    blocks.forEachRemaining(list::add);
    return list;
  }
}

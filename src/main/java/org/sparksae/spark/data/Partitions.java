package org.sparksae.spark.data;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many partitions rows are in. */
public final class Partitions {
  private static final Logger LOG = LoggerFactory.getLogger(Partitions.class);

  private Partitions() {}

  /**
   * The rows in at least as many partitions as {@code spark.default.parallelism} says, so that
   * every core has work; as they are, if they have enough of them. Spreading changes their order,
   * the same way each time.
   */
  public static Dataset<Row> spread(Dataset<Row> rows) {
    int partitions = rows.toJavaRDD().getNumPartitions();
    int cores = rows.sparkSession().sparkContext().defaultParallelism();
    if (partitions >= cores) {
      return rows;
    }
    LOG.info("spreading the rows from {} to {} partitions", partitions, cores);
    return rows.repartition(cores);
  }
}

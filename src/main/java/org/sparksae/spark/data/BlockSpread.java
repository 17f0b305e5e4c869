package org.sparksae.spark.data;

import java.util.Iterator;
import org.apache.spark.Partitioner;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Gives every core work where the data come in fewer partitions than there are cores, such as one
 * small file; and every worker of a barrier stage its partition.
 *
 * <p>Blocks are dealt out in turn and sorted by where they came from, so the result does not depend
 * on the order in which a shuffle happens to fetch: equal input gives equal partitions, also when a
 * lost one is made again.
 */
final class BlockSpread {
  private static final Logger LOG = LoggerFactory.getLogger(BlockSpread.class);

  /** Rows of a block that is to be dealt out: few, so that small data are evenly spread, too. */
  static final int BLOCK_ROWS = 128;

  private BlockSpread() {}

  /**
   * Whether rows lie in other partitions than they should.
   *
   * @param partitions exact number of partitions, for a barrier stage; 0 for at least one for each
   *     core
   */
  static boolean isNeeded(JavaRDD<?> rows, int partitions) {
    return partitions == 0
        ? rows.getNumPartitions() < rows.context().defaultParallelism()
        : !isOneToOne(rows.rdd(), partitions);
  }

  /**
   * Whether an RDD, and what it is made from without a shuffle, has so many partitions: Spark
   * refuses a barrier stage over coalesced and united ones.
   */
  private static boolean isOneToOne(RDD<?> rdd, int partitions) {
    return rdd.getNumPartitions() == partitions
        && CollectionConverters.asJava(rdd.dependencies()).stream()
            .allMatch(
                dependency ->
                    dependency instanceof ShuffleDependency
                        || isOneToOne(dependency.rdd(), partitions));
  }

  static JavaRDD<BlockReader.Part> spread(JavaRDD<BlockReader.Part> parts, int partitions) {
    int cores = partitions == 0 ? parts.context().defaultParallelism() : partitions;
    LOG.info("spreading the rows from {} to {} partitions", parts.getNumPartitions(), cores);
    JavaRDD<Tuple2<Long, BlockReader.Part>> numbered =
        parts.mapPartitionsWithIndex((index, it) -> numbered((long) index << 32, it), true);
    return JavaPairRDD.fromJavaRDD(numbered)
        .repartitionAndSortWithinPartitions(new InTurn(cores))
        .values();
  }

  private static Iterator<Tuple2<Long, BlockReader.Part>> numbered(
      long first, Iterator<BlockReader.Part> parts) {
    return new Iterator<>() {
      private long next = first;

      @Override
      public boolean hasNext() {
        return parts.hasNext();
      }

      @Override
      public Tuple2<Long, BlockReader.Part> next() {
        return new Tuple2<>(next++, parts.next());
      }
    };
  }

  /** Block b of partition p goes to partition (p + b) mod n. */
  private static final class InTurn extends Partitioner {
    private static final long serialVersionUID = 1L;

    private final int partitions;

    InTurn(int partitions) {
      this.partitions = partitions;
    }

    @Override
    public int numPartitions() {
      return partitions;
    }

    @Override
    public int getPartition(Object key) {
      long number = (Long) key;
      return (int) (((number >>> 32) + (number & 0xFFFFFFFFL)) % partitions);
    }
  }
}

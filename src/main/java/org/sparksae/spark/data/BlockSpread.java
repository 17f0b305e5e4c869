package org.sparksae.spark.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.PartitionCoalescer;
import org.apache.spark.rdd.PartitionGroup;
import org.apache.spark.rdd.RDD;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.spark.job.Slots;
import scala.Option;
import scala.Tuple2;

/**
 * Redistributes blocks over partitions. It gives every slot work if the data have fewer partitions
 * than there are slots, such as one small file, and every worker its partition. It merges
 * partitions if they are many and small.
 *
 * <p>Blocks are dealt out in turn and sorted by their origin, so the result does not depend on the
 * order in which a shuffle fetches them. Equal input gives equal partitions, even when a lost
 * partition is recomputed.
 */
final class BlockSpread {
  private static final Logger LOG = LoggerFactory.getLogger(BlockSpread.class);

  /** Rows in a block that is dealt out. Few rows spread small data evenly, too. */
  static final int BLOCK_ROWS = 128;

  /**
   * Partitions per slot that cost little and even out the run times of tasks, as Spark recommends.
   */
  private static final int PARTITIONS_OF_A_SLOT = 4;

  private BlockSpread() {}

  /**
   * Whether rows must be redistributed.
   *
   * @param partitions exact number of partitions, one for each worker; 0 for at least one per slot
   */
  static boolean isNeeded(JavaRDD<?> rows, int partitions) {
    return partitions == 0
        ? rows.getNumPartitions() < Slots.toFill(rows.context())
        : rows.getNumPartitions() != partitions;
  }

  static JavaRDD<BlockReader.Part> spread(JavaRDD<BlockReader.Part> parts, int partitions) {
    int target = partitions == 0 ? Slots.toFill(parts.context()) : partitions;
    LOG.info("spreading the rows from {} to {} partitions", parts.getNumPartitions(), target);
    JavaRDD<Tuple2<Long, PackedPart>> numbered =
        parts.mapPartitionsWithIndex((index, it) -> numbered((long) index << 32, it), true);
    return JavaPairRDD.fromJavaRDD(numbered)
        .repartitionAndSortWithinPartitions(new InTurn(target))
        .values()
        .map(PackedPart::unpack);
  }

  private static Iterator<Tuple2<Long, PackedPart>> numbered(
      long first, Iterator<BlockReader.Part> parts) {
    return new Iterator<>() {
      private long next = first;

      @Override
      public boolean hasNext() {
        return parts.hasNext();
      }

      @Override
      public Tuple2<Long, PackedPart> next() {
        return new Tuple2<>(next++, PackedPart.of(parts.next()));
      }
    };
  }

  /**
   * Returns how many partitions the rows should have: as many as were read, unless there are more
   * than {@value #PARTITIONS_OF_A_SLOT} per slot and, on average, a partition has fewer rows than a
   * block. In that case the result is one per block of rows, and at least one per slot.
   */
  static int partitionsFor(JavaRDD<?> parts, long rows, int blockRows) {
    int partitions = parts.getNumPartitions();
    int slots = Slots.toFill(parts.context());
    long blocks = (rows + blockRows - 1) / blockRows;
    return partitions <= Math.max((long) PARTITIONS_OF_A_SLOT * slots, blocks)
        ? partitions
        : (int) Math.max(slots, blocks);
  }

  /**
   * Merges neighbouring partitions, in order, so that the results have about the same number of
   * rows.
   *
   * @param firstRows number of the first row of each partition
   * @param rows number of all rows
   * @param partitions maximum number of resulting partitions
   */
  static JavaRDD<BlockReader.Part> together(
      JavaRDD<BlockReader.Part> parts, long[] firstRows, long rows, int partitions) {
    LOG.info("merging {} partitions of few rows", parts.getNumPartitions());
    int[] groups = new int[firstRows.length];
    for (int p = 0; p < groups.length; p++) {
      long group = firstRows[p] * partitions / Math.max(1, rows);
      groups[p] = (int) Math.min(partitions - 1, group);
    }
    return JavaRDD.fromRDD(
        parts.rdd().coalesce(partitions, false, Option.apply(new Neighbours(groups)), null),
        parts.classTag());
  }

  /** Puts partition p into group {@code groups[p]}; groups ascend. */
  private static final class Neighbours implements PartitionCoalescer, Serializable {
    private static final long serialVersionUID = 1L;

    private final int[] groups;

    Neighbours(int[] groups) {
      this.groups = groups;
    }

    @Override
    public PartitionGroup[] coalesce(int maxPartitions, RDD<?> parent) {
      List<PartitionGroup> together = new ArrayList<>();
      for (int p = 0; p < groups.length; p++) {
        if (p == 0 || groups[p] != groups[p - 1]) {
          together.add(new PartitionGroup(Option.empty()));
        }
        together.get(together.size() - 1).partitions().addOne(parent.partitions()[p]);
      }
      return together.toArray(PartitionGroup[]::new);
    }
  }

  /** Sends block b of partition p to partition (p + b) mod n. */
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

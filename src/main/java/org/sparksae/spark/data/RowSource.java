package org.sparksae.spark.data;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.NarrowDependency;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The RDD that a store reads, as a parent whose partitions are those of the store.
 *
 * <p>A store has many jobs, whose tasks find files and do not read again. So the RDD, which has all
 * of the DataFrame's plan, is sent to them as bytes.
 */
final class RowSource extends NarrowDependency<BlockReader.Part> {
  private static final long serialVersionUID = 1L;

  private final Later<RDD<BlockReader.Part>> parts;
  private final transient List<Later<Partition>> splits;

  RowSource(RDD<BlockReader.Part> parts) {
    super(null);
    this.parts = new Later<>(parts);
    this.splits = Arrays.stream(parts.partitions()).map(Later::new).toList();
  }

  @Override
  public RDD<BlockReader.Part> rdd() {
    return parts.get();
  }

  @Override
  public Seq<Object> getParents(int partition) {
    return CollectionConverters.asScala(List.<Object>of(partition)).toSeq();
  }

  /** Number of partitions; on the driver. */
  int partitions() {
    return splits.size();
  }

  /** Returns a partition of the RDD, for {@link #read}; on the driver. */
  Later<Partition> split(int partition) {
    return splits.get(partition);
  }

  /** Reads a partition again. */
  Iterator<BlockReader.Part> read(Later<Partition> split, TaskContext task) {
    return CollectionConverters.asJava(rdd().iterator(split.get(), task));
  }
}

package org.sparksae.spark.data;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.Dependency;
import org.apache.spark.Partition;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.scheduler.ExecutorCacheTaskLocation;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.storage.RDDBlockId;
import org.sparksae.core.rows.StoragePrecision;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * The partitions of a store as the RDD of one job. Its tasks prefer the executors that have the
 * files when the job begins.
 *
 * <p>A partition without a file is computed from the parent RDD, which reads the DataFrame.
 *
 * @param <T> the elements: whole partitions, or blocks
 */
abstract class StoredRdd<T> extends RDD<T> {
  private static final long serialVersionUID = 1L;

  private final RowSource source;
  private final int store;

  /** The {@link RowCounts#fingerprint} of each partition; null while there are no files. */
  private final transient long[] fingerprints;

  private transient List<Seq<String>> locations;

  private StoredRdd(RowSource source, int store, long[] fingerprints, ClassTag<T> elements) {
    super(source.rdd().context(), parents(source), elements);
    this.source = source;
    this.store = store;
    this.fingerprints = fingerprints;
    setName("stored rows");
  }

  /**
   * Returns an RDD with one element for each partition. Its tasks write the files that are missing.
   *
   * @param fingerprints of the partitions, if they were written before; otherwise null
   * @param precision how values are stored; those of the parts are rounded to it
   */
  static JavaRDD<StoredPartition> partitions(
      RowSource source, int store, long[] fingerprints, StoragePrecision precision) {
    return new Written(source, store, fingerprints, precision).toJavaRDD();
  }

  /**
   * Returns an RDD of the blocks. Its tasks read a partition's file, or the DataFrame if no
   * executor has the file. They write no file, so the store may be closed.
   *
   * @param fingerprints fingerprint of each partition
   */
  static JavaRDD<BlockReader.Part> parts(RowSource source, int store, long[] fingerprints) {
    return new Read(source, store, fingerprints).toJavaRDD();
  }

  private static final class Written extends StoredRdd<StoredPartition> {
    private static final long serialVersionUID = 1L;

    private final StoragePrecision precision;

    Written(RowSource source, int store, long[] fingerprints, StoragePrecision precision) {
      super(source, store, fingerprints, ClassTag$.MODULE$.apply(StoredPartition.class));
      this.precision = precision;
    }

    @Override
    public scala.collection.Iterator<StoredPartition> compute(Partition split, TaskContext task) {
      RowFiles files = new RowFiles(block(split), task);
      Long known = ((Split) split).fingerprint;
      StoredPartition partition = known == null ? files.local() : files.find(known);
      if (partition == null) {
        partition = files.write(parts(split, task), known, precision);
      }
      return CollectionConverters.asScala(List.of(partition).iterator());
    }
  }

  private static final class Read extends StoredRdd<BlockReader.Part> {
    private static final long serialVersionUID = 1L;

    Read(RowSource source, int store, long[] fingerprints) {
      super(source, store, fingerprints, ClassTag$.MODULE$.apply(BlockReader.Part.class));
    }

    @Override
    public scala.collection.Iterator<BlockReader.Part> compute(Partition split, TaskContext task) {
      StoredPartition partition =
          new RowFiles(block(split), task).find(((Split) split).fingerprint);
      return CollectionConverters.asScala(
          partition == null ? parts(split, task) : partition.parts());
    }
  }

  RDDBlockId block(Partition split) {
    return new RDDBlockId(store, split.index());
  }

  Iterator<BlockReader.Part> parts(Partition split, TaskContext task) {
    return source.read(((Split) split).parent, task);
  }

  private static Seq<Dependency<?>> parents(RowSource source) {
    return CollectionConverters.asScala(List.<Dependency<?>>of(source)).toSeq();
  }

  /** A partition of this RDD. Spark sends a task only its own. */
  private static final class Split implements Partition {
    private static final long serialVersionUID = 1L;

    private final int index;
    private final Later<Partition> parent;
    private final Long fingerprint;

    Split(int index, Later<Partition> parent, Long fingerprint) {
      this.index = index;
      this.parent = parent;
      this.fingerprint = fingerprint;
    }

    @Override
    public int index() {
      return index;
    }
  }

  @Override
  public Partition[] getPartitions() {
    Partition[] splits = new Partition[source.partitions()];
    for (int p = 0; p < splits.length; p++) {
      Long fingerprint = fingerprints == null ? null : (Long) fingerprints[p];
      splits[p] = new Split(p, source.split(p), fingerprint);
    }
    return splits;
  }

  @Override
  public Seq<String> getPreferredLocations(Partition split) {
    if (locations == null) {
      locations = locations();
    }
    return locations.get(split.index());
  }

  /** Asks once for all partitions, because each request is a message. */
  private List<Seq<String>> locations() {
    int partitions = getNumPartitions();
    BlockId[] blocks =
        IntStream.range(0, partitions)
            .mapToObj(index -> new RDDBlockId(store, index))
            .toArray(BlockId[]::new);
    List<Seq<String>> all = new ArrayList<>(partitions);
    CollectionConverters.asJava(SparkEnv.get().blockManager().master().getLocations(blocks))
        .forEach(managers -> all.add(executors(managers)));
    return all;
  }

  private static Seq<String> executors(Seq<BlockManagerId> managers) {
    List<String> executors =
        CollectionConverters.asJava(managers).stream()
            .map(at -> new ExecutorCacheTaskLocation(at.host(), at.executorId()).toString())
            .toList();
    return CollectionConverters.asScala(executors).toSeq();
  }
}

package org.sparksae.spark.exchange;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.Partitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.sparksae.core.model.Precision;
import org.sparksae.core.rows.PartitionFunction;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.PartitionSum;
import org.sparksae.core.rows.Sums;
import org.sparksae.spark.data.RowStore;
import org.sparksae.spark.job.ResultSize;
import org.sparksae.spark.job.SparkJobs;
import scala.Tuple2;

/**
 * Sums by broadcast and tree aggregation, with one Spark job per sum.
 *
 * <p>The tree has the shape of {@code RDD.treeAggregate}. But {@code treeAggregate} merges in the
 * order in which tasks end, while this tree groups neighbours and adds each level in partition
 * order. So equal partitions give equal bits, whatever tasks are retried. Within a level, sums come
 * sorted from the shuffle and are added one at a time.
 */
public final class TreeSum implements PartitionSum {
  private final JavaSparkContext context;
  private final RowStore data;
  private final int depth;
  private final Precision precision;

  /** Prepares sums over data whose products, if there are any, are of float32. */
  public TreeSum(RowStore data, int aggregationDepth) {
    this(data, aggregationDepth, Precision.FLOAT32);
  }

  /**
   * Prepares sums over data.
   *
   * @param data the rows
   * @param aggregationDepth levels of the tree, 1 or more; 1 sends every partition's sums to the
   *     driver
   * @param precision of the products that the sums are made of, for the log and {@link
   *     #kernelBackend()}
   */
  public TreeSum(RowStore data, int aggregationDepth, Precision precision) {
    this.data = data;
    this.context = JavaSparkContext.fromSparkContext(data.context());
    this.depth = aggregationDepth;
    this.precision = precision;
  }

  @Override
  public Evaluator with(float[] parameters) {
    Broadcast<BulkArray> broadcast = context.broadcast(new BulkArray(parameters.clone()));
    return new Evaluator() {
      @Override
      public double[] sum(PartitionFunction function) {
        return aggregate(function, broadcast);
      }

      @Override
      public void close() {
        SparkJobs.destroy(context.sc(), broadcast);
      }
    };
  }

  /** Returns the name of the kernel backend on the workers, or several names if workers differ. */
  public String kernelBackend() {
    Precision products = precision;
    JavaRDD<String> names = data.data().map(rows -> KernelBackend.name(products));
    return SparkJobs.collect(names, "training").stream()
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private double[] aggregate(PartitionFunction function, Broadcast<BulkArray> parameters) {
    JavaRDD<BulkArray> sums = leaves(data.data(), function, parameters, precision);
    int scale = scale();
    while (isWorthALevel(sums.getNumPartitions(), scale)) {
      sums = level(sums, new Neighbours(above(sums.getNumPartitions(), scale), scale));
    }
    return addUp(SparkJobs.collect(sums, "training").iterator()).doubles();
  }

  /**
   * Rejects sums that exceed what Spark sends to the driver.
   *
   * @param doubles number of sums of each partition
   * @throws IllegalArgumentException naming the setting
   */
  public void requireFits(long doubles) {
    int last = data.partitions();
    while (isWorthALevel(last, scale())) {
      last = above(last, scale());
    }
    ResultSize.require(
        context.sc(),
        Double.BYTES * doubles * last,
        Double.BYTES + " bytes for each of " + doubles + " sums, from " + last + " partitions",
        last == 1 ? "" : ", or use fewer partitions or a larger aggregationDepth");
  }

  private int scale() {
    return Math.max((int) Math.ceil(Math.pow(data.partitions(), 1.0 / depth)), 2);
  }

  /** The rule of RDD.treeAggregate: add a level only while it saves more than it costs. */
  private static boolean isWorthALevel(int partitions, int scale) {
    return partitions > scale + Math.ceil((double) partitions / scale);
  }

  private static int above(int partitions, int scale) {
    return (partitions + scale - 1) / scale;
  }

  private static JavaRDD<BulkArray> leaves(
      JavaRDD<PartitionRows> data,
      PartitionFunction function,
      Broadcast<BulkArray> parameters,
      Precision precision) {
    return data.map(
            rows -> {
              KernelBackend.log(precision);
              Runnable check = endingWith(TaskContext.get());
              return new BulkArray(function.apply(parameters.value().floats(), rows.before(check)));
            })
        .setName("sums of each partition");
  }

  /**
   * Returns a check that throws if the task was cancelled. Without it, a task would scan all of its
   * rows first.
   */
  private static Runnable endingWith(TaskContext task) {
    return () -> {
      if (task.isInterrupted()) {
        throw new TaskKilledException("cancelled");
      }
    };
  }

  private static JavaRDD<BulkArray> level(JavaRDD<BulkArray> sums, Neighbours neighbours) {
    JavaRDD<Tuple2<Integer, BulkArray>> numbered =
        sums.mapPartitionsWithIndex(
            (index, it) -> List.of(new Tuple2<>(index, it.next())).iterator(), true);
    return JavaPairRDD.fromJavaRDD(numbered)
        .repartitionAndSortWithinPartitions(neighbours)
        .values()
        .mapPartitions(it -> List.of(addUp(it)).iterator());
  }

  private static BulkArray addUp(Iterator<BulkArray> sums) {
    double[] total = null;
    while (sums.hasNext()) {
      total = Sums.add(total, sums.next().doubles());
    }
    return new BulkArray(total);
  }

  /** Groups {@code scale} neighbouring partitions each. */
  private static final class Neighbours extends Partitioner implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int partitions;
    private final int scale;

    Neighbours(int partitions, int scale) {
      this.partitions = partitions;
      this.scale = scale;
    }

    @Override
    public int numPartitions() {
      return partitions;
    }

    @Override
    public int getPartition(Object index) {
      return (Integer) index / scale;
    }
  }
}

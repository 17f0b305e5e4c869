package org.sparksae.spark.exchange;

import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.Text;

/**
 * How mini-batch training uses a cluster: by workers that run at the same time and all-reduce their
 * gradients, or by one job per step that sums them in a tree.
 */
public final class WorkerPlan {
  /** All-reduce if possible, otherwise tree. */
  public static final String AUTO = "auto";

  /** Workers that run at the same time exchange their gradients. */
  public static final String ALL_REDUCE = "allReduce";

  /** The driver collects gradients, with one job per step. */
  public static final String TREE = "tree";

  private static final String CIPHER = "spark.network.crypto.cipher";

  private static final Logger LOG = LoggerFactory.getLogger(WorkerPlan.class);

  private final int workers;
  private final boolean forced;

  private WorkerPlan(int workers, boolean forced) {
    this.workers = workers;
    this.forced = forced;
  }

  /** Whether workers exchange their gradients; otherwise the driver collects them. */
  public boolean isAllReduce() {
    return workers > 0;
  }

  /** Number of workers of an all-reduce. */
  public int workers() {
    return workers;
  }

  /** Whether training may fall back to a tree if the workers of an all-reduce get no slots. */
  public boolean mayBecomeTree() {
    return !forced;
  }

  /** Returns the plan that sums in a tree. */
  public static WorkerPlan tree() {
    return new WorkerPlan(0, false);
  }

  /**
   * Chooses a plan for the cluster, and logs it with its reason.
   *
   * @param cluster the slots that workers can have
   * @param aggregation {@value #AUTO}, {@value #ALL_REDUCE} or {@value #TREE}
   * @param numWorkers number of workers; 0 for as many as can run at once
   * @throws IllegalArgumentException if {@value #ALL_REDUCE} is requested but not possible
   */
  public static WorkerPlan of(WorkerSlots cluster, String aggregation, int numWorkers) {
    if (aggregation.equals(TREE)) {
      return tree();
    }
    SparkContext context = cluster.context();
    // Local mode has one executor and no network, whatever the settings say.
    String obstacle = context.isLocal() ? null : obstacle(context.conf());
    int slots = obstacle == null ? cluster.available(numWorkers) : 0;
    if (obstacle == null && slots < Math.max(1, numWorkers)) {
      obstacle =
          Text.format(
              "numWorkers = %d needs as many free slots at once, but the cluster has %d; lower numWorkers or %s",
              Math.max(1, numWorkers),
              slots,
              WorkerSlots.areDynamic(context)
                  ? "raise " + WorkerSlots.MOST_EXECUTORS
                  : "add executors");
    }
    if (obstacle == null) {
      int workers = numWorkers > 0 ? numWorkers : slots;
      LOG.info("aggregation by all-reduce between {} workers ({} slots)", workers, slots);
      return new WorkerPlan(workers, aggregation.equals(ALL_REDUCE));
    }
    if (aggregation.equals(ALL_REDUCE)) {
      throw new IllegalArgumentException(
          Text.format(
              "aggregation = allReduce is not possible: %s, or set aggregation to tree", obstacle));
    }
    LOG.warn("aggregation by tree, one job a step, which is much slower: {}", obstacle);
    return tree();
  }

  /** Returns which of a cluster application's settings prevents all-reduce; null if none does. */
  static String obstacle(SparkConf conf) {
    boolean encrypted = conf.getBoolean("spark.network.crypto.enabled", false);
    return encrypted && conf.get(CIPHER, "").startsWith("AES/GCM")
        ? CIPHER
            + " is AES/GCM, with which Spark's transport hangs (SPARK-56227); set it to AES/CTR/NoPadding, or use spark.ssl.rpc.enabled"
        : null;
  }
}

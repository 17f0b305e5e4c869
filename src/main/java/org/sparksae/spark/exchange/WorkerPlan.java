package org.sparksae.spark.exchange;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.Text;
import org.sparksae.spark.job.Slots;
import org.sparksae.spark.job.SparkJobs;

/**
 * How mini-batch training uses a cluster: by workers that run at the same time and all-reduce their
 * gradients, or by one job per step that sums them in a tree.
 */
public final class WorkerPlan {
  /** All-reduce if possible, otherwise tree. */
  public static final String AUTO = "auto";

  /** Workers of one barrier stage exchange their gradients. */
  public static final String ALL_REDUCE = "allReduce";

  /** The driver collects gradients, with one job per step. */
  public static final String TREE = "tree";

  private static final String CIPHER = "spark.network.crypto.cipher";

  private static final String REGISTRATION = "spark.scheduler.maxRegisteredResourcesWaitingTime";

  private static final long MAX_WAIT_S = 600;

  private static final Logger LOG = LoggerFactory.getLogger(WorkerPlan.class);

  private static final long LOOK_NANOS = 100_000_000L;
  private static final long LOG_S = 5;

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
   * @param aggregation {@value #AUTO}, {@value #ALL_REDUCE} or {@value #TREE}
   * @param numWorkers number of workers; 0 for one per slot
   * @throws IllegalArgumentException if {@value #ALL_REDUCE} is requested but not possible
   */
  public static WorkerPlan of(SparkContext context, String aggregation, int numWorkers) {
    if (aggregation.equals(TREE)) {
      return tree();
    }
    // Local mode has one executor and no network, whatever the settings say.
    String obstacle = context.isLocal() ? null : obstacle(context.conf());
    int slots = obstacle == null ? slots(context, numWorkers) : 0;
    if (obstacle == null && slots < Math.max(1, numWorkers)) {
      obstacle =
          Text.format(
              "numWorkers = %d needs as many free slots at once, but the cluster has %d; lower numWorkers or add executors",
              Math.max(1, numWorkers), slots);
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
    if (conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
      return "spark.dynamicAllocation.enabled is true, under which Spark has no barrier stages; set it to false";
    }
    boolean encrypted = conf.getBoolean("spark.network.crypto.enabled", false);
    return encrypted && conf.get(CIPHER, "").startsWith("AES/GCM")
        ? CIPHER
            + " is AES/GCM, with which Spark's transport hangs (SPARK-56227); set it to AES/CTR/NoPadding, or use spark.ssl.rpc.enabled"
        : null;
  }

  /**
   * Waits until {@code workers} tasks can run at once again, for example after an executor was
   * lost. Spark itself would check only every 15 seconds.
   *
   * @throws MissingSlotsException if they cannot within {@value #MAX_WAIT_S} seconds
   */
  static void awaitSlots(SparkContext context, int workers) {
    if (!haveSlots(context, workers, MAX_WAIT_S)) {
      throw new MissingSlotsException(
          Text.format(
              "training needs %d free slots at once, but for %d s the cluster has had %d; add executors, or train again with a lower numWorkers",
              workers, MAX_WAIT_S, Slots.now(context)));
    }
  }

  /**
   * Waits up to {@code seconds} until {@code workers} tasks can run at once; returns whether they
   * can.
   */
  private static boolean haveSlots(SparkContext context, int workers, long seconds) {
    long start = System.nanoTime();
    long logged = 0;
    while (Slots.now(context) < workers) {
      long waited = (System.nanoTime() - start) / 1_000_000_000L;
      if (waited >= seconds) {
        return false;
      }
      if (waited >= logged + LOG_S) {
        logged = waited;
        LOG.info(
            "training has waited {} s for executors with {} slots, and waits up to {} s: there are {}",
            waited,
            workers,
            seconds,
            Slots.now(context));
      }
      LockSupport.parkNanos(LOOK_NANOS);
      SparkJobs.requireGoingOn(context, "training");
    }
    return true;
  }

  /**
   * Returns the number of tasks that can run at once. It waits for the first executor, and then for
   * {@code workers} slots, as long as Spark waits for executors when it starts: one may just have
   * been lost.
   */
  private static int slots(SparkContext context, int workers) {
    if (Slots.now(context) == 0) {
      JavaSparkContext.fromSparkContext(context).parallelize(List.of(1), 1).count();
    }
    if (!context.isLocal()) {
      haveSlots(context, workers, context.conf().getTimeAsSeconds(REGISTRATION, "30s"));
    }
    return Slots.now(context);
  }
}

package org.sparksae.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.spark.LocalSpark;

@ExtendWith(LocalSpark.class)
class WorkerPlanTest {
  private static final String DYNAMIC = "spark.dynamicAllocation.enabled";

  private static SparkConf onACluster() {
    return new SparkConf(false);
  }

  @Test
  void ordinarySettingsAreNoObstacle() {
    assertNull(WorkerPlan.obstacle(onACluster()));
    assertNull(WorkerPlan.obstacle(onACluster().set("spark.network.crypto.enabled", "true")));
  }

  @Test
  void dynamicAllocationIsNoObstacleIfItStartsAllExecutors() {
    SparkConf conf = onACluster().set(DYNAMIC, "true");
    assertNull(WorkerPlan.obstacle(conf));
    conf.set("spark.dynamicAllocation.executorAllocationRatio", "0.5");
    assertEquals(
        "spark.dynamicAllocation.executorAllocationRatio is 0.5, with which Spark does not start"
            + " executors for all workers; set it to 1",
        WorkerPlan.obstacle(conf));
  }

  /** Spark's transport hangs with it. */
  @Test
  void aesGcmIsNamedWhereItWouldBeUsed() {
    SparkConf conf = onACluster().set("spark.network.crypto.cipher", "AES/GCM/NoPadding");
    assertNull(WorkerPlan.obstacle(conf));
    conf.set("spark.network.crypto.enabled", "true");
    assertEquals(
        "spark.network.crypto.cipher is AES/GCM, with which Spark's transport hangs (SPARK-56227);"
            + " set it to AES/CTR/NoPadding, or use spark.ssl.rpc.enabled",
        WorkerPlan.obstacle(conf));
  }

  @Test
  void settingsOfAClusterDoNotMatterInOneProcess() {
    SparkContext context = LocalSpark.session().sparkContext();
    WorkerSlots slots = new WorkerSlots(context, () -> 2);
    context.conf().set(DYNAMIC, "true");
    try {
      assertTrue(WorkerPlan.of(slots, WorkerPlan.ALL_REDUCE, 0).isAllReduce());
    } finally {
      context.conf().remove(DYNAMIC);
    }
  }
}

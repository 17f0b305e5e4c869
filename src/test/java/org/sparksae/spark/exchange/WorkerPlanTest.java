package org.sparksae.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
    return new SparkConf(false).setMaster("spark://host:7077");
  }

  @Test
  void ordinarySettingsAreNoObstacle() {
    assertNull(WorkerPlan.obstacle(onACluster()));
    assertNull(WorkerPlan.obstacle(onACluster().set("spark.network.crypto.enabled", "true")));
  }

  @Test
  void dynamicAllocationIsNamed() {
    assertEquals(
        "spark.dynamicAllocation.enabled is true, under which Spark has no barrier stages; set it to"
            + " false",
        WorkerPlan.obstacle(onACluster().set(DYNAMIC, "true")));
  }

  /** Spark's transport hangs with it; in one process nothing is encrypted. */
  @Test
  void aesGcmIsNamedWhereItWouldBeUsed() {
    SparkConf conf = onACluster().set("spark.network.crypto.cipher", "AES/GCM/NoPadding");
    assertNull(WorkerPlan.obstacle(conf));
    conf.set("spark.network.crypto.enabled", "true");
    assertEquals(
        "spark.network.crypto.cipher is AES/GCM, with which Spark's transport hangs (SPARK-56227);"
            + " set it to AES/CTR/NoPadding, or use spark.ssl.rpc.enabled",
        WorkerPlan.obstacle(conf));
    assertNull(WorkerPlan.obstacle(conf.setMaster("local[2]")));
  }

  @Test
  void anObstacleMeansATreeOrIsRefused() {
    SparkContext context = LocalSpark.session().sparkContext();
    assertTrue(WorkerPlan.of(context, WorkerPlan.AUTO, 0).isAllReduce());
    context.conf().set(DYNAMIC, "true").set("spark.dynamicAllocation.testing", "true");
    try {
      assertFalse(WorkerPlan.of(context, WorkerPlan.AUTO, 0).isAllReduce());
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> WorkerPlan.of(context, WorkerPlan.ALL_REDUCE, 0))
              .getMessage();
      assertEquals(
          "aggregation = allReduce is not possible: spark.dynamicAllocation.enabled is true, under"
              + " which Spark has no barrier stages; set it to false, or set aggregation to tree",
          message);
    } finally {
      context.conf().remove(DYNAMIC).remove("spark.dynamicAllocation.testing");
    }
  }
}

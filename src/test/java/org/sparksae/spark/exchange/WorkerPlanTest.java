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
  private static final String ENCRYPTED = "spark.network.crypto.enabled";
  private static final String CIPHER = "spark.network.crypto.cipher";
  private static final String AES_GCM = "AES/GCM/NoPadding";

  private static SparkConf onACluster() {
    return new SparkConf(false);
  }

  @Test
  void ordinarySettingsAreNoObstacle() {
    assertNull(WorkerPlan.obstacle(onACluster()));
    assertNull(WorkerPlan.obstacle(onACluster().set(ENCRYPTED, "true")));
  }

  /** Spark's transport hangs with it. */
  @Test
  void aesGcmIsNamedWhereItWouldBeUsed() {
    SparkConf conf = onACluster().set(CIPHER, AES_GCM);
    assertNull(WorkerPlan.obstacle(conf));
    conf.set(ENCRYPTED, "true");
    assertEquals(
        "spark.network.crypto.cipher is AES/GCM, with which Spark's transport hangs (SPARK-56227);"
            + " set it to AES/CTR/NoPadding, or use spark.ssl.rpc.enabled",
        WorkerPlan.obstacle(conf));
  }

  @Test
  void settingsOfAClusterDoNotMatterInOneProcess() {
    SparkContext context = LocalSpark.session().sparkContext();
    WorkerSlots slots = new WorkerSlots(context, () -> 2);
    context.conf().set(ENCRYPTED, "true").set(CIPHER, AES_GCM);
    try {
      assertTrue(WorkerPlan.of(slots, WorkerPlan.ALL_REDUCE, 0).isAllReduce());
    } finally {
      context.conf().remove(ENCRYPTED).remove(CIPHER);
    }
  }
}

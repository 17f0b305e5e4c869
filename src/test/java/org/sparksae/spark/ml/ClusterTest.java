package org.sparksae.spark.ml;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestClassOrder;
import org.sparksae.spark.LocalSpark;

/**
 * What needs two executors in JVMs of their own. Executors take long to start and to load what a
 * fit needs, so all of it shares one cluster; the parts that harm it come last.
 *
 * <p>The environment that such executors need is set by the build (SPARK_TESTING, SPARK_HOME,
 * SPARK_SCALA_VERSION); where they cannot start, the time-outs of the parts end the wait.
 */
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
class ClusterTest {
  private static SparkSession cluster;

  /** The cluster, started by whoever asks first; no other session may be in use then. */
  static SparkSession cluster() {
    if (cluster == null) {
      LocalSpark.stop();
      cluster =
          LocalSpark.withoutCallSites(
              LocalSpark.twoExecutors().config("spark.task.maxFailures", "8").getOrCreate());
    }
    return cluster;
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.stop();
      cluster = null;
    }
  }

  @Nested
  @Order(1)
  class GivesTheBitsOfOneProcess extends ClusterBits {}

  @Nested
  @Order(2)
  class LeavesNothing extends LeftBehind {}

  @Nested
  @Order(3)
  class OutlivesAnExecutor extends KilledExecutor {}

  @Nested
  @Order(4)
  class EndsWhenItIsTold extends CancelledClusterWork {}
}

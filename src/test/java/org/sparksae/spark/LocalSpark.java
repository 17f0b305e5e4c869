package org.sparksae.spark;

import org.apache.spark.sql.SparkSession;

/**
 * The one Spark session of the test JVM, in this process with two cores.
 *
 * <p>Ask for it in every test and do not keep it: a test that needs another master stops it, and
 * the next to ask gets a new one.
 */
public final class LocalSpark {
  private static SparkSession session;

  private LocalSpark() {}

  /** The session, made on demand. */
  public static synchronized SparkSession session() {
    if (session == null || session.sparkContext().isStopped()) {
      session = builder("local[2]").getOrCreate();
    }
    return session;
  }

  /** Stops the session, if there is one. */
  public static synchronized void stop() {
    if (session != null) {
      session.stop();
      session = null;
    }
  }

  /** What every test session has, on whatever master. */
  public static SparkSession.Builder builder(String master) {
    return SparkSession.builder()
        .master(master)
        .appName("tests")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.warehouse.dir", "target/spark-warehouse");
  }
}

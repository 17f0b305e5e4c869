package org.sparksae.spark;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The one Spark session of the test JVM, in this process with two cores; as an extension it is
 * there before a test class begins.
 *
 * <p>Ask for it and do not keep it beyond a class: a test that needs another master stops it, and
 * the next class gets a new one.
 */
public final class LocalSpark implements BeforeAllCallback {
  /** As the build gives it to this JVM, and Spark 3.5 to none: other kernels give other bits. */
  private static final String VECTORS = "--add-modules=jdk.incubator.vector";

  private static SparkSession session;

  @Override
  public void beforeAll(ExtensionContext context) {
    session();
  }

  /** The session, made on demand. */
  public static synchronized SparkSession session() {
    if (session == null || session.sparkContext().isStopped()) {
      session = withoutCallSites(builder("local[2]").getOrCreate());
    }
    return session;
  }

  /**
   * A session that does not look for the line of code that makes an RDD or runs a job; for this
   * thread, and those that it starts. Spark's web page, which the tests have not, shows it.
   */
  public static SparkSession withoutCallSites(SparkSession session) {
    session.sparkContext().setLocalProperty("callSite.short", "tests");
    session.sparkContext().setLocalProperty("callSite.long", "tests");
    return session;
  }

  /** Stops the session, if there is one. */
  public static synchronized void stop() {
    if (session != null) {
      session.stop();
      session = null;
    }
  }

  /** Two executors of one core each, in JVMs of their own; both are waited for. */
  public static SparkSession.Builder twoExecutors() {
    return builder("local-cluster[2,1,1024]")
        .config("spark.scheduler.minRegisteredResourcesRatio", "1")
        // Spark looks for lost slots no more often than that.
        .config("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s")
        .config("spark.executor.extraJavaOptions", executorOptions())
        .config("spark.executor.extraClassPath", System.getProperty("java.class.path"));
  }

  /** For executors of 1 GB in JVMs of their own. */
  public static String executorOptions() {
    return Stream.of(List.of(VECTORS, "-Xmn400m"), ChildJvm.tuning(), ChildJvm.BRIEF)
        .flatMap(List::stream)
        .collect(Collectors.joining(" "));
  }

  /** What every test session has, on whatever master. */
  public static SparkSession.Builder builder(String master) {
    return SparkSession.builder()
        .master(master)
        .appName("tests")
        .config("spark.ui.enabled", "false")
        .config("spark.hadoop.fs.file.impl", LocalFiles.class.getName())
        .config("spark.executor.extraJavaOptions", VECTORS)
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.warehouse.dir", "target/spark-warehouse");
  }
}

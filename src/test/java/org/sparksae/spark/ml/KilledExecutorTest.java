package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/**
 * An executor that is killed outright, at whatever moment, costs time and no bit of the model.
 *
 * <p>{@code -Dsparksae.kills=10} kills in ten fits, one after the other.
 */
@Timeout(value = 600, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KilledExecutorTest {
  private static final int KILLS = Integer.getInteger("sparksae.kills", 1);
  private static final float[][] ROWS = TestFrames.rows(2000, 32, 17);

  private static SparkSession cluster;

  /** Of checkpoints, so that there are several rounds, and moments between them. */
  @TempDir private Path scratch;

  @BeforeAll
  static void startTheCluster() {
    LocalSpark.stop();
    cluster = LocalSpark.twoExecutors().config("spark.task.maxFailures", "8").getOrCreate();
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.stop();
    }
  }

  private SparseAutoencoder estimator(String run) {
    return Fixtures.estimator()
        .setSolver("adam")
        .setAggregation("allReduce")
        .setNumWorkers(2)
        .setHiddenLayers(48)
        .setBatchSize(50)
        .setMaxIter(30)
        .setCheckpointDir(scratch.resolve(run).toString())
        .setCheckpointInterval(10)
        .setTol(0);
  }

  private static Dataset<Row> frame() {
    return TestFrames.frame(
        cluster, InputType.DENSE_VECTOR, TestFrames.splitBySize(ROWS, 900, 1100));
  }

  @Test
  void theModelIsThatOfAnUndisturbedFit() throws Exception {
    estimator("warm-up").setMaxIter(10).fit(frame());
    long start = System.nanoTime();
    SparseAutoencoderModel undisturbed = estimator("undisturbed").fit(frame());
    double seconds = (System.nanoTime() - start) / 1e9;
    SplittableRandom random = new SplittableRandom(7);
    for (int kill = 0; kill < KILLS; kill++) {
      String run = "killed-" + kill;
      CompletableFuture<SparseAutoencoderModel> fit =
          CompletableFuture.supplyAsync(() -> estimator(run).fit(frame()));
      TimeUnit.NANOSECONDS.sleep((long) (1e9 * seconds * random.nextDouble()));
      List<ProcessHandle> executors = executors();
      assertTrue(!executors.isEmpty(), "no executor to kill");
      assertTrue(executors.get(random.nextInt(executors.size())).destroyForcibly());
      SparseAutoencoderModel model = fit.get();
      assertArrayEquals(undisturbed.parameters(), model.parameters());
      assertArrayEquals(
          undisturbed.summary().objectiveHistory(), model.summary().objectiveHistory());
      assertEquals(30, model.summary().totalIterations());
    }
  }

  /** The JVMs that this one has started. */
  private static List<ProcessHandle> executors() {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> process.info().command().orElse("").endsWith("java"))
        .toList();
  }
}

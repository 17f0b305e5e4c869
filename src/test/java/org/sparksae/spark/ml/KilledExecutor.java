package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.RDDInfo;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/**
 * An executor that is killed outright while it trains costs time and no bit of the model: the round
 * is made again.
 *
 * <p>{@code -Dsparksae.kills=10} kills in ten fits, one after the other.
 */
@Timeout(value = 600, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class KilledExecutor {
  private static final int KILLS = Integer.getInteger("sparksae.kills", 1);
  private static final int WORKERS = 2;

  /** Each ends with a checkpoint, and lasts far longer than it takes to kill a process. */
  private static final int ROUNDS = 3;

  private static final int EPOCHS = 20;
  private static final float[][] ROWS = TestFrames.rows(2000, 32, 17);

  private static SparkSession cluster;

  @TempDir private Path scratch;

  @BeforeAll
  static void takeTheCluster() {
    cluster = ClusterTest.cluster();
  }

  private SparseAutoencoder estimator(String run) {
    return Fixtures.estimator()
        .setSolver("adam")
        .setAggregation("allReduce")
        .setNumWorkers(WORKERS)
        .setHiddenLayers(48)
        .setBatchSize(50)
        .setMaxIter(ROUNDS * EPOCHS)
        .setCheckpointDir(scratch.resolve(run).toString())
        .setCheckpointInterval(EPOCHS)
        .setTol(0);
  }

  private static Dataset<Row> frame() {
    return TestFrames.frame(
        cluster, InputType.DENSE_VECTOR, TestFrames.splitBySize(ROWS, 900, 1100));
  }

  @Test
  void theModelIsThatOfAnUndisturbedFit() throws Exception {
    Rounds rounds = new Rounds();
    cluster.sparkContext().addSparkListener(rounds);
    SparseAutoencoderModel undisturbed = estimator("undisturbed").fit(frame());
    assertEquals(ROUNDS, begun(rounds));
    SplittableRandom random = new SplittableRandom(7);
    for (int kill = 0; kill < KILLS; kill++) {
      int before = begun(rounds);
      String run = "killed-" + kill;
      CompletableFuture<SparseAutoencoderModel> fit =
          CompletableFuture.supplyAsync(() -> estimator(run).fit(frame()));
      rounds.await(before + random.nextInt(1, ROUNDS + 1));
      List<ProcessHandle> executors = executors();
      assertTrue(!executors.isEmpty(), "no executor to kill");
      assertTrue(executors.get(random.nextInt(executors.size())).destroyForcibly());
      SparseAutoencoderModel model = fit.get();
      assertTrue(begun(rounds) > before + ROUNDS, "the kill met no round");
      assertArrayEquals(undisturbed.parameters(), model.parameters());
      assertArrayEquals(
          undisturbed.summary().objectiveHistory(), model.summary().objectiveHistory());
      assertEquals(ROUNDS * EPOCHS, model.summary().totalIterations());
    }
  }

  private static int begun(Rounds rounds) throws Exception {
    cluster.sparkContext().listenerBus().waitUntilEmpty();
    return rounds.begun();
  }

  /** Counts the rounds whose tasks have begun, those that are made again as well. */
  private static final class Rounds extends SparkListener {
    private final Set<Integer> stages = new HashSet<>();
    private int tasks;

    @Override
    public synchronized void onStageSubmitted(SparkListenerStageSubmitted stage) {
      if (stage.stageInfo().rddInfos().exists(RDDInfo::isBarrier)) {
        stages.add(stage.stageInfo().stageId());
      }
    }

    @Override
    public synchronized void onTaskStart(SparkListenerTaskStart task) {
      tasks += stages.contains(task.stageId()) ? 1 : 0;
      notifyAll();
    }

    synchronized int begun() {
      return tasks / WORKERS;
    }

    synchronized void await(int rounds) throws InterruptedException {
      while (begun() < rounds) {
        wait();
      }
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

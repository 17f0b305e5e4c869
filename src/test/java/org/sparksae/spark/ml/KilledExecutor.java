package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;
import org.sparksae.spark.exchange.WorkerTraining;

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

  private static final int EPOCHS = 5;

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

  /** Two models in the same rounds. */
  private List<SparseAutoencoderModel> fitTwo(String run) {
    SparseAutoencoder estimator = estimator(run);
    ParamMap[] maps = new ParamMap[2];
    for (int m = 0; m < maps.length; m++) {
      String directory = scratch.resolve(run).resolve("model-" + m).toString();
      maps[m] =
          new ParamMap()
              .put(estimator.checkpointDir(), directory)
              .put(estimator.stepSize(), m == 0 ? 0.02 : 0.01);
    }
    return estimator.fit(frame(), maps);
  }

  @Test
  void theModelsAreThoseOfAnUndisturbedFit() throws Exception {
    Rounds rounds = new Rounds();
    cluster.sparkContext().addSparkListener(rounds);
    List<SparseAutoencoderModel> undisturbed = fitTwo("undisturbed");
    assertEquals(ROUNDS, begun(rounds));
    SplittableRandom random = new SplittableRandom(7);
    for (int kill = 0; kill < KILLS; kill++) {
      int before = begun(rounds);
      String run = "killed-" + kill;
      CompletableFuture<List<SparseAutoencoderModel>> fit =
          CompletableFuture.supplyAsync(() -> fitTwo(run));
      rounds.await(before + random.nextInt(1, ROUNDS + 1));
      List<ProcessHandle> executors = executors();
      assertTrue(!executors.isEmpty(), "no executor to kill");
      assertTrue(executors.get(random.nextInt(executors.size())).destroyForcibly());
      List<SparseAutoencoderModel> models = fit.get();
      assertTrue(begun(rounds) > before + ROUNDS, "the kill met no round");
      for (int m = 0; m < models.size(); m++) {
        SparseAutoencoderModel model = models.get(m);
        assertArrayEquals(undisturbed.get(m).parameters(), model.parameters());
        assertArrayEquals(
            undisturbed.get(m).summary().objectiveHistory(), model.summary().objectiveHistory());
        assertEquals(ROUNDS * EPOCHS, model.summary().totalIterations());
      }
    }
  }

  /**
   * One epoch of five rounds of a step each, which ends with a checkpoint, since the next is due at
   * once. A process dies sooner than the workers of a round meet, so the kill meets one. The round
   * is made again from the last checkpoint, and no other is.
   */
  @Test
  void insideAnEpochOneRoundIsLost() throws Exception {
    Rounds rounds = new Rounds();
    cluster.sparkContext().addSparkListener(rounds);
    SparseAutoencoderModel undisturbed = insideAnEpoch("whole").fit(frame());
    int before = begun(rounds);
    Retries retries = new Retries(scratch.resolve("inside"));
    SparseAutoencoderModel model;
    try (retries) {
      CompletableFuture<SparseAutoencoderModel> fit =
          CompletableFuture.supplyAsync(
              () -> insideAnEpoch("inside").setCheckpointMinutes(1e-9).fit(frame()));
      rounds.await(before + 2);
      assertTrue(executors().get(0).destroyForcibly());
      model = fit.get();
    }
    assertArrayEquals(undisturbed.parameters(), model.parameters());
    assertArrayEquals(undisturbed.summary().objectiveHistory(), model.summary().objectiveHistory());
    assertArrayEquals(
        undisturbed.summary().firingFrequencies(), model.summary().firingFrequencies());
    assertEquals(1, model.summary().totalIterations());
    assertEquals(5, model.summary().totalSteps());
    assertFalse(retries.steps.isEmpty(), "the kill met no round");
    assertEquals(retries.keptBefore, retries.steps);
    assertTrue(retries.steps.get(0) > 1, "it was lost in the first round");
  }

  private SparseAutoencoder insideAnEpoch(String run) {
    return estimator(run).setK(5).setBatchSize(400).setMaxIter(1);
  }

  /**
   * Hears which step each retry begins with, and looks which one the newest checkpoint is before.
   */
  private static final class Retries extends AbstractAppender implements AutoCloseable {
    private static final Pattern RETRIED =
        Pattern.compile("the round from epoch 1, step (\\d+) failed.*");
    private static final Pattern KEPT = Pattern.compile("checkpoint-00000000-(\\d+)\\.safetensors");

    private final List<Long> steps = new CopyOnWriteArrayList<>();
    private final List<Long> keptBefore = new CopyOnWriteArrayList<>();
    private final Path checkpoints;
    private final Logger logger = (Logger) LogManager.getLogger(WorkerTraining.class);

    Retries(Path checkpoints) {
      super("retries", null, null, true, Property.EMPTY_ARRAY);
      this.checkpoints = checkpoints;
      start();
      // The tests' own configuration leaves this library's warnings out.
      Configurator.setLevel(WorkerTraining.class, Level.WARN);
      logger.addAppender(this);
    }

    @Override
    public void append(LogEvent event) {
      Matcher retried = RETRIED.matcher(event.getMessage().getFormattedMessage());
      if (retried.matches()) {
        steps.add(Long.parseLong(retried.group(1)));
        keptBefore.add(newest() + 1);
      }
    }

    private long newest() {
      try (Stream<Path> files = Files.list(checkpoints)) {
        return files
            .map(file -> KEPT.matcher(file.getFileName().toString()))
            .filter(Matcher::matches)
            .mapToLong(name -> Long.parseLong(name.group(1)))
            .max()
            .orElse(0);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      logger.removeAppender(this);
      Configurator.setLevel(WorkerTraining.class, Level.ERROR);
    }
  }

  private static int begun(Rounds rounds) throws Exception {
    cluster.sparkContext().listenerBus().waitUntilEmpty();
    return rounds.begun();
  }

  /** Counts the rounds whose tasks have begun, those that are made again as well. */
  static final class Rounds extends SparkListener {
    private final Set<Integer> stages = new HashSet<>();
    private int tasks;

    @Override
    public synchronized void onStageSubmitted(SparkListenerStageSubmitted stage) {
      if (stage.stageInfo().rddInfos().exists(rdd -> WorkerTraining.ROUND.equals(rdd.name()))) {
        stages.add(stage.stageInfo().stageId());
      }
    }

    @Override
    public synchronized void onTaskStart(SparkListenerTaskStart task) {
      // Spark starts a failed task again until the round ends.
      boolean first = task.taskInfo().attemptNumber() == 0;
      tasks += first && stages.contains(task.stageId()) ? 1 : 0;
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
  static List<ProcessHandle> executors() {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> process.info().command().orElse("").endsWith("java"))
        .toList();
  }
}

package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;
import org.sparksae.spark.exchange.MissingSlotsException;
import org.sparksae.spark.job.Slots;

/**
 * All-reduce on a cluster that begins with one executor, grows to two, and gives back whatever is
 * idle for two seconds.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DynamicAllocationTest {
  private static final float[][] ROWS = TestFrames.rows(2000, 32, 17);
  private static final String ENDLESS = "endless";
  private static final String SLOT_TIMEOUT = "spark.sparsae.exchange.slotTimeout";

  private static SparseAutoencoderModel locally;
  private static SparkSession cluster;

  @TempDir private Path scratch;

  @BeforeAll
  static void fitInOneProcessAndStartTheCluster() {
    locally = estimator().fit(frame(LocalSpark.session()));
    LocalSpark.stop();
    cluster =
        LocalSpark.withoutCallSites(
            LocalSpark.twoExecutors()
                .config("spark.scheduler.minRegisteredResourcesRatio", "0")
                // Executors take long to start on a busy machine.
                .config("spark.scheduler.maxRegisteredResourcesWaitingTime", "120s")
                .config(SLOT_TIMEOUT, "120s")
                .config("spark.executor.cores", "1")
                .config("spark.dynamicAllocation.enabled", "true")
                .config("spark.dynamicAllocation.shuffleTracking.enabled", "true")
                .config("spark.dynamicAllocation.minExecutors", "0")
                .config("spark.dynamicAllocation.initialExecutors", "1")
                .config("spark.dynamicAllocation.maxExecutors", "2")
                .config("spark.dynamicAllocation.executorIdleTimeout", "2s")
                // A round's own tasks would bring one executor for three of them.
                .config("spark.dynamicAllocation.executorAllocationRatio", "0.3")
                // A task that waits for the executor with its rows leaves another idle.
                .config("spark.locality.wait", "500ms")
                .config("spark.dynamicAllocation.shuffleTracking.timeout", "2s")
                .config("spark.speculation", "true")
                .config("spark.task.maxFailures", "8")
                .getOrCreate());
  }

  @AfterAll
  static void stop() {
    cluster.stop();
  }

  private static SparseAutoencoder estimator() {
    return Fixtures.estimator()
        .setSolver("adam")
        .setAggregation("allReduce")
        .setHiddenLayers(48)
        .setBatchSize(50)
        .setMaxIter(15)
        .setTol(0);
  }

  private static Dataset<Row> frame(SparkSession session) {
    return TestFrames.frame(
        session, InputType.DENSE_VECTOR, TestFrames.splitBySize(ROWS, 900, 1100));
  }

  private static void assertAsLocally(SparseAutoencoderModel model) {
    assertArrayEquals(locally.parameters(), model.parameters());
    assertArrayEquals(locally.summary().objectiveHistory(), model.summary().objectiveHistory());
  }

  /** Nobody says how many workers: one for each partition. */
  @Test
  @Order(1)
  void theClusterGrowsToAWorkerForEachPartition() {
    assertTrue(Slots.now(cluster.sparkContext()) < 2, "it has grown already");
    assertAsLocally(estimator().fit(frame(cluster)));
  }

  @Test
  @Order(2)
  void workersThatWereAskedForBringTheirExecutors() throws Exception {
    awaitSlots(() -> Slots.now(cluster.sparkContext()) == 0);
    assertAsLocally(estimator().setNumWorkers(2).fit(frame(cluster)));
  }

  private static void awaitSlots(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  @Test
  @Order(3)
  void moreWorkersThanItMayReachAreRefused() {
    SparseAutoencoder estimator = estimator().setNumWorkers(3);
    String said =
        assertThrows(IllegalArgumentException.class, () -> estimator.fit(frame(cluster)))
            .getMessage();
    assertEquals(
        "aggregation = allReduce is not possible: numWorkers = 3 needs as many free slots at once,"
            + " but the cluster has 2; lower numWorkers or raise"
            + " spark.dynamicAllocation.maxExecutors, or set aggregation to tree",
        said);
  }

  /** Each could have one slot, and wait for that of another. */
  @Test
  @Order(4)
  void fitsThatNeedTheSameSlotsTakeTurns() {
    List<CompletableFuture<SparseAutoencoderModel>> fits = new ArrayList<>();
    for (int fit = 0; fit < 3; fit++) {
      SparseAutoencoder estimator = inRounds("turns-" + fit);
      fits.add(CompletableFuture.supplyAsync(() -> estimator.fit(frame(cluster))));
    }
    fits.forEach(fit -> assertAsLocally(fit.join()));
  }

  /** Two workers, three rounds. */
  private SparseAutoencoder inRounds(String run) {
    return estimator()
        .setNumWorkers(2)
        .setCheckpointDir(scratch.resolve(run).toString())
        .setCheckpointInterval(5);
  }

  /** Another job has one of the two slots, so one worker waits for the other. */
  @Test
  @Order(5)
  void aWorkerThatWaitsInVainEndsAndSaysSo() throws Exception {
    cluster.sparkContext().conf().set(SLOT_TIMEOUT, "3s");
    JavaFutureAction<List<Integer>> holder =
        JavaSparkContext.fromSparkContext(cluster.sparkContext())
            .parallelize(List.of(1), 1)
            .map(DynamicAllocationTest::held)
            .collectAsync();
    try {
      awaitSlots(() -> Slots.taken(cluster.sparkContext()) == 1);
      SparseAutoencoder estimator = estimator().setNumWorkers(2);
      String said =
          assertThrows(MissingSlotsException.class, () -> estimator.fit(frame(cluster)))
              .getMessage();
      assertTrue(
          said.contains(
              "1 of 2 workers wait for the others, and tasks of other jobs run in 1 of 2"),
          said);
    } finally {
      holder.cancel(true);
      cluster.sparkContext().conf().set(SLOT_TIMEOUT, "120s");
    }
  }

  private static int held(int one) throws InterruptedException {
    while (!TaskContext.get().isInterrupted()) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return one;
  }

  /** The driver takes three times the idle time-out between two rounds. */
  @Test
  @Order(6)
  void rowsKeepTheirExecutorsBetweenRounds() {
    try (Pause pause = new Pause()) {
      assertAsLocally(inRounds("paused").fit(frame(cluster)));
      assertEquals(2, pause.slots);
    }
  }

  /** Stops the driver once, at the first line of an epoch, and counts the slots after that. */
  private static final class Pause extends AbstractAppender implements AutoCloseable {
    private static final String LOG = "org.sparksae.spark.ml.fit.ProgressLog";

    private final Logger logger = (Logger) LogManager.getLogger(LOG);
    private volatile int slots = -1;

    Pause() {
      super("pause", null, null, true, Property.EMPTY_ARRAY);
      start();
      Configurator.setLevel(LOG, Level.INFO);
      logger.setAdditive(false);
      logger.addAppender(this);
    }

    @Override
    public void append(LogEvent event) {
      if (slots < 0) {
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(6));
        slots = Slots.now(cluster.sparkContext());
      }
    }

    @Override
    public void close() {
      logger.removeAppender(this);
      logger.setAdditive(true);
      Configurator.setLevel(LOG, Level.ERROR);
    }
  }

  @Test
  @Order(7)
  void aRoundWhoseExecutorIsKilledIsMadeAgain() throws Exception {
    KilledExecutor.Rounds rounds = new KilledExecutor.Rounds();
    cluster.sparkContext().addSparkListener(rounds);
    SparseAutoencoder estimator = inRounds("killed");
    CompletableFuture<SparseAutoencoderModel> fit =
        CompletableFuture.supplyAsync(() -> estimator.fit(frame(cluster)));
    rounds.await(2);
    assertTrue(KilledExecutor.executors().get(0).destroyForcibly());
    assertAsLocally(fit.get());
    cluster.sparkContext().listenerBus().waitUntilEmpty();
    assertTrue(rounds.begun() > 3, "the kill met no round");
  }

  @Test
  @Order(8)
  void aRoundEndsWhenItIsTold() throws Exception {
    SparkContext context = cluster.sparkContext();
    KilledExecutor.Rounds rounds = new KilledExecutor.Rounds();
    context.addSparkListener(rounds);
    CompletableFuture<SparseAutoencoderModel> fit = CompletableFuture.supplyAsync(this::endless);
    rounds.await(1);
    while (!fit.isDone()) {
      context.cancelJobGroup(ENDLESS);
      TimeUnit.MILLISECONDS.sleep(50);
    }
    Throwable failure = assertThrows(CompletionException.class, fit::join).getCause();
    assertEquals(CancellationException.class, failure.getClass(), failure::toString);
    awaitSlots(() -> Slots.taken(context) == 0);
    context.listenerBus().waitUntilEmpty();
    assertEquals(1, rounds.begun(), "it was made again");
  }

  private SparseAutoencoderModel endless() {
    cluster.sparkContext().setJobGroup(ENDLESS, "", false);
    try {
      return estimator().setNumWorkers(2).setMaxIter(Integer.MAX_VALUE).fit(frame(cluster));
    } finally {
      cluster.sparkContext().clearJobGroup();
    }
  }
}

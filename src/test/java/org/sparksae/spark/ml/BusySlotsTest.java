package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.data.Stored;
import org.sparksae.spark.exchange.MissingSlotsException;
import org.sparksae.spark.job.Slots;

/** Workers that need all slots at once, while another job holds one of the two. */
@ExtendWith(LocalSpark.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BusySlotsTest {
  private static final Pattern CHECKPOINT = Pattern.compile("checkpoint-(\\d+)\\.safetensors");
  private static final String ENDLESS = "endless";
  private static final String SLOT_TIMEOUT = "spark.sparsae.exchange.slotTimeout";
  private static final String TIMEOUT = "spark.sparsae.exchange.timeout";

  private SparkContext context;
  private JavaFutureAction<List<Integer>> holder;

  @BeforeEach
  void waitBriefly() {
    context = LocalSpark.session().sparkContext();
    context.conf().set(SLOT_TIMEOUT, "1s");
  }

  @AfterEach
  void letGo() throws Exception {
    context.conf().remove(SLOT_TIMEOUT).remove(TIMEOUT);
    if (holder != null) {
      holder.cancel(true);
    }
    await(() -> Slots.taken(context) == 0);
  }

  private void holdASlot() {
    holder =
        JavaSparkContext.fromSparkContext(context)
            .parallelize(List.of(1), 1)
            .map(
                one -> {
                  while (!org.apache.spark.TaskContext.get().isInterrupted()) {
                    TimeUnit.MILLISECONDS.sleep(5);
                  }
                  return one;
                })
            .collectAsync();
  }

  private static void await(Condition condition) throws Exception {
    while (!condition.holds()) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static SparseAutoencoder estimator() {
    return Fixtures.estimator().setSolver("adam");
  }

  private static Dataset<Row> frame() {
    return TestFrames.frame(TestFrames.rows(100, 6, 17), 2);
  }

  @Test
  void autoGoesOnByTree() throws Exception {
    float[] byTree = estimator().setAggregation("tree").fit(frame()).parameters();
    holdASlot();
    await(() -> Slots.taken(context) == 1);
    SparseAutoencoderModel model = estimator().fit(frame());
    assertArrayEquals(byTree, model.parameters());
    assertEquals(3, model.summary().totalIterations());
  }

  @Test
  void allReduceThatWasAskedForIsAnError() throws Exception {
    holdASlot();
    await(() -> Slots.taken(context) == 1);
    SparseAutoencoder estimator = estimator().setAggregation("allReduce");
    assertEquals(
        "aggregation = allReduce needs 2 free slots at once, but did not get them within 1 s"
            + " (spark.sparsae.exchange.slotTimeout): 1 of 2 workers wait for the others, and tasks"
            + " of other jobs run in 1 of 2; raise that setting, lower numWorkers, or set"
            + " aggregation to tree",
        assertThrows(MissingSlotsException.class, () -> estimator.fit(frame())).getMessage());
    Stored.awaitFiles(0);
    holder.cancel(true);
    estimator.fit(frame());
  }

  /** A worker waits longer for one without a slot than for one that hangs. */
  @Test
  void aSlotMayComeLaterThanAWorkerMayBeSilent() throws Exception {
    context.conf().set(SLOT_TIMEOUT, "60s").set(TIMEOUT, "1s");
    holdASlot();
    CompletableFuture<SparseAutoencoderModel> fit =
        CompletableFuture.supplyAsync(() -> estimator().setAggregation("allReduce").fit(frame()));
    await(() -> fit.isDone() || Slots.taken(context) == 2);
    TimeUnit.MILLISECONDS.sleep(2500);
    holder.cancel(true);
    assertEquals(3, fit.join().summary().totalIterations());
  }

  /** Spark's status tracker is only as recent as the last heartbeat, here of ten seconds. */
  @Test
  void aRoundThatLastsIsNotTakenForOneThatWaits() throws Exception {
    CompletableFuture<SparseAutoencoderModel> fit = CompletableFuture.supplyAsync(this::endless);
    await(() -> fit.isDone() || Slots.taken(context) == 2);
    TimeUnit.MILLISECONDS.sleep(1500);
    assertFalse(fit.isDone(), "it ended, though the time-out of 1 s is not meant for it");
    // Again, because Spark forgets a cancellation that comes between two jobs.
    await(
        () -> {
          context.cancelJobGroup(ENDLESS);
          return fit.isDone();
        });
    Throwable failure = assertThrows(CompletionException.class, fit::join).getCause();
    assertEquals(CancellationException.class, failure.getClass(), failure::toString);
  }

  private SparseAutoencoderModel endless() {
    context.setJobGroup(ENDLESS, "", false);
    try {
      return estimator().setAggregation("allReduce").setMaxIter(Integer.MAX_VALUE).fit(frame());
    } finally {
      context.clearJobGroup();
    }
  }

  /** Its checkpoints belong to an all-reduce, and a tree would be another training. */
  @Test
  void withCheckpointsAFitEndsAndGoesOnWhenSlotsAreFree(@TempDir Path directory) throws Exception {
    SparseAutoencoder estimator =
        estimator()
            .setCheckpointDir(directory + "/run")
            .setCheckpointInterval(1)
            .setMaxIter(Integer.MAX_VALUE);
    CompletableFuture<SparseAutoencoderModel> fit =
        CompletableFuture.supplyAsync(() -> estimator.fit(frame()));
    await(() -> newestCheckpoint(directory.resolve("run")) > 0);
    holdASlot();
    Throwable failure = assertThrows(CompletionException.class, fit::join).getCause();
    assertEquals(MissingSlotsException.class, failure.getClass(), failure::toString);
    holder.cancel(true);
    int reached = newestCheckpoint(directory.resolve("run"));
    SparseAutoencoderModel model = estimator.setMaxIter(reached + 1).fit(frame());
    assertEquals(reached + 1, model.summary().totalIterations());
  }

  /** Iterations that the newest checkpoint has, by its name; 0 if there is none. */
  private static int newestCheckpoint(Path run) throws IOException {
    if (!Files.exists(run)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(run)) {
      return files
          .map(file -> CHECKPOINT.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .mapToInt(name -> Integer.parseInt(name.group(1)))
          .max()
          .orElse(0);
    }
  }

  /** No checkpoint has been written yet, so a tree contradicts none. */
  @Test
  void aCheckpointedFitThatHasNotBegunGoesOnByTree(@TempDir Path directory) throws Exception {
    SparseAutoencoder estimator =
        estimator().setCheckpointDir(directory + "/run").setCheckpointInterval(1);
    holdASlot();
    await(() -> Slots.taken(context) == 1);
    float[] parameters = estimator.fit(frame()).parameters();
    holder.cancel(true);
    estimator.setAggregation("tree");
    assertArrayEquals(parameters, estimator.fit(frame()).parameters());
  }
}

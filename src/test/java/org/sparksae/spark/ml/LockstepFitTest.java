package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.core.train.DivergedException;
import org.sparksae.core.train.StopReason;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.data.Stored;
import org.sparksae.spark.exchange.WorkerTraining;

/** Models of one call that go through the batches together. */
@ExtendWith(LocalSpark.class)
class LockstepFitTest {
  private static final float[][] ROWS = TestFrames.rows(90, 8, 11);

  private final SparseAutoencoder estimator =
      Fixtures.estimator().setSolver("adam").setHiddenLayers(6).setMaxIter(3);

  private static Dataset<Row> frame() {
    return TestFrames.frame(ROWS, 2);
  }

  private ParamMap map() {
    return new ParamMap();
  }

  /** Four of k and regParam, one that converges in its second epoch, and one of a single epoch. */
  private ParamMap[] grid() {
    ParamMap[] grid =
        new ParamGridBuilder()
            .addGrid(estimator.k(), new int[] {1, 3})
            .addGrid(estimator.regParam(), new double[] {0, 0.01})
            .build();
    return Stream.concat(
            Stream.of(grid),
            Stream.of(map().put(estimator.tol(), 10.0), map().put(estimator.maxIter(), 1)))
        .toArray(ParamMap[]::new);
  }

  @Test
  void modelsOfAGridAreThoseOfSingleFits() throws Throwable {
    Dataset<Row> frame = frame();
    ParamMap[] maps = grid();
    List<SparseAutoencoderModel> models = new ArrayList<>();
    assertEquals(1, roundsOf(() -> models.addAll(estimator.fit(frame, maps))));
    for (int i = 0; i < maps.length; i++) {
      SparseAutoencoderModel single = estimator.fit(frame, maps[i]);
      assertArrayEquals(single.parameters(), models.get(i).parameters(), "model " + i);
      SparseAutoencoderTrainingSummary expected = single.summary();
      SparseAutoencoderTrainingSummary summary = models.get(i).summary();
      assertArrayEquals(expected.objectiveHistory(), summary.objectiveHistory());
      assertArrayEquals(expected.firingFrequencies(), summary.firingFrequencies());
      assertArrayEquals(expected.silentRows(), summary.silentRows());
      assertEquals(expected.stopReason(), summary.stopReason());
      assertEquals(expected.totalSteps(), summary.totalSteps());
      assertEquals(
          expected.statistics().explainedVariance(), summary.statistics().explainedVariance());
      summary.history().forEach(epoch -> assertEquals(ROWS.length, epoch.rows()));
    }
    assertEquals(StopReason.CONVERGED, models.get(4).summary().stopReason());
    assertEquals(
        List.of(3, 3, 3, 3, 2, 1),
        models.stream().map(model -> model.summary().totalIterations()).toList());
    Stored.awaitFiles(0);
  }

  /** Other seeds and batches give other batches; a tree and single layers are trained alone. */
  @Test
  void modelsOfOtherBatchesAreTrainedAlone() throws Throwable {
    ParamMap[] maps = {
      map(),
      map().put(estimator.seed(), 3L),
      map().put(estimator.batchSize(), 30),
      map().put(estimator.layerTraining(), "greedy"),
      map().put(estimator.stepSize(), 0.01)
    };
    List<Integer> order = new ArrayList<>();
    Executable fit = () -> estimator.fitEach(frame(), maps, (model, index) -> order.add(index));
    assertEquals(4, roundsOf(fit));
    assertEquals(List.of(0, 4, 1, 2, 3), order);
  }

  /** The second's directory was lost, so the first goes on when the second has caught up. */
  @Test
  void eachModelGoesOnFromItsOwnCheckpoint(@TempDir Path folder) {
    ParamMap[] maps = checkpointed(folder, "first", "second");
    estimator.setCheckpointInterval(2);
    estimator.setMaxIter(3).fit(frame(), maps);
    ParamMap[] again = checkpointed(folder, "first", "anew");
    List<SparseAutoencoderModel> models = estimator.setMaxIter(5).fit(frame(), again);
    ParamMap[] whole = checkpointed(folder, "whole-0", "whole-1");
    for (int m = 0; m < whole.length; m++) {
      SparseAutoencoderModel single = estimator.fit(frame(), whole[m]);
      assertArrayEquals(single.parameters(), models.get(m).parameters());
      assertArrayEquals(
          single.summary().objectiveHistory(), models.get(m).summary().objectiveHistory());
    }
  }

  private ParamMap[] checkpointed(Path folder, String... directories) {
    return IntStream.range(0, directories.length)
        .mapToObj(
            m ->
                map()
                    .put(estimator.checkpointDir(), folder.resolve(directories[m]).toString())
                    .put(estimator.stepSize(), 0.01 + 0.01 * m))
        .toArray(ParamMap[]::new);
  }

  /** The one before is trained to its end; the one after is not handed over. */
  @Test
  void aModelThatDivergesEndsTheCallInItsTurn() {
    ParamMap[] maps = {map(), map().put(estimator.stepSize(), 1e6), map()};
    estimator.setHiddenLayers(8, 6, 4).setActivation("linear").setSparsity("targetL2");
    estimator.setMaxIter(20);
    List<SparseAutoencoderModel> models = new ArrayList<>();
    DivergedException diverged =
        assertThrows(
            DivergedException.class,
            () -> estimator.fitEach(frame(), maps, (model, index) -> models.add(model)));
    assertTrue(
        diverged
            .getMessage()
            .startsWith("paramMaps[1] (stepSize = 1000000.0): training diverged at epoch"),
        diverged.getMessage());
    assertEquals(1, models.size());
    assertEquals(20, models.get(0).summary().totalIterations());
    assertArrayEquals(estimator.fit(frame()).parameters(), models.get(0).parameters());
    Stored.awaitFiles(0);
  }

  /** Number of rounds that an action runs. */
  private static int roundsOf(Executable action) throws Throwable {
    SparkContext context = LocalSpark.session().sparkContext();
    List<Integer> rounds = new ArrayList<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onStageSubmitted(SparkListenerStageSubmitted stage) {
            if (stage
                .stageInfo()
                .rddInfos()
                .exists(rdd -> WorkerTraining.ROUND.equals(rdd.name()))) {
              rounds.add(stage.stageInfo().stageId());
            }
          }
        };
    context.listenerBus().waitUntilEmpty();
    context.addSparkListener(listener);
    try {
      action.execute();
      context.listenerBus().waitUntilEmpty();
    } finally {
      context.removeSparkListener(listener);
    }
    return rounds.size();
  }
}

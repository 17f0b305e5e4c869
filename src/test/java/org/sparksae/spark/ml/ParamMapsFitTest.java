package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.core.stats.CodeStatistics;
import org.sparksae.core.train.DivergedException;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;
import org.sparksae.spark.data.Stored;
import scala.jdk.javaapi.CollectionConverters;

/** Fits of several ParamMaps in one call. */
@ExtendWith(LocalSpark.class)
class ParamMapsFitTest {
  private static final float[][] ROWS = TestFrames.rows(90, 8, 11);

  /** Rows that were read, by tasks in this process. */
  private static final AtomicLong READ = new AtomicLong();

  private final SparseAutoencoder estimator = estimator();

  private static SparseAutoencoder estimator() {
    return Fixtures.estimator().setSolver("adam").setMaxIter(2);
  }

  private static Dataset<Row> frame() {
    return TestFrames.frame(ROWS, 2);
  }

  private static Dataset<Row> countedFrame() {
    UDF1<Object, Object> counted =
        row -> {
          READ.incrementAndGet();
          return row;
        };
    Dataset<Row> rows = TestFrames.frame(InputType.FLOATS, TestFrames.split(ROWS, 2));
    return rows.withColumn(
        TestFrames.FEATURES,
        functions
            .udf(counted, rows.schema().apply(TestFrames.FEATURES).dataType())
            .apply(functions.col(TestFrames.FEATURES)));
  }

  private ParamMap map() {
    return new ParamMap();
  }

  /**
   * Penalties, sizes, steps, several layers, a code of so many units that a tile has fewer rows,
   * and another solver.
   */
  private ParamMap[] different() {
    return new ParamMap[] {
      map().put(estimator.stepSize(), 0.05),
      map().put(estimator.hiddenLayers(), new int[] {9}).put(estimator.k(), 2),
      map().put(estimator.hiddenLayers(), new int[] {3000}).put(estimator.maxIter(), 1),
      map()
          .put(estimator.hiddenLayers(), new int[] {5, 3})
          .put(estimator.layerTraining(), "greedyThenJoint")
          .put(estimator.contamination(), 0.1),
      map().put(estimator.sparsity(), new String[] {"l1"}).put(estimator.solver(), "l-bfgs"),
      map()
    };
  }

  @Test
  void modelsAreThoseOfSingleFits() {
    Dataset<Row> frame = frame();
    ParamMap[] maps = different();
    List<SparseAutoencoderModel> models = estimator.fit(frame, maps);
    assertEquals(maps.length, models.size());
    for (int i = 0; i < maps.length; i++) {
      SparseAutoencoderModel single = estimator.fit(frame, maps[i]);
      SparseAutoencoderModel model = models.get(i);
      assertArrayEquals(single.parameters(), model.parameters(), "model " + i);
      assertEquals(Fixtures.values(single), Fixtures.values(model));
      SparseAutoencoderTrainingSummary summary = model.summary();
      assertEqualStatistics(single.summary().statistics(), summary.statistics());
      assertArrayEquals(single.summary().objectiveHistory(), summary.objectiveHistory());
      assertEquals(single.summary().warnings(), summary.warnings());
      assertEquals(single.summary().stages().size(), summary.stages().size());
      assertEquals(estimator.uid(), model.parent().uid());
    }
    Stored.awaitFiles(0);
  }

  private static void assertEqualStatistics(CodeStatistics expected, CodeStatistics actual) {
    assertEquals(expected.meanSquaredError(), actual.meanSquaredError());
    assertEquals(expected.explainedVariance(), actual.explainedVariance());
    assertEquals(expected.l0(), actual.l0());
    assertArrayEquals(
        expected.meanActivations().toArray(double[][]::new),
        actual.meanActivations().toArray(double[][]::new));
  }

  @Test
  void rowsAreReadOnce() throws Throwable {
    Dataset<Row> frame = countedFrame();
    long once = readBy(() -> estimator.fit(frame));
    assertTrue(once >= ROWS.length, "read " + once);
    ParamMap[] grid =
        new ParamGridBuilder()
            .addGrid(estimator.stepSize(), new double[] {0.01, 0.05})
            .addGrid(estimator.k(), new int[] {1, 2})
            .build();
    assertEquals(once, readBy(() -> assertEquals(4, estimator.fit(frame, grid).size())));

    // Tiles of so many units have fewer rows; those of as many units of which few are kept do not.
    ParamMap large = map().put(estimator.hiddenLayers(), new int[] {3000});
    ParamMap sparse = large.copy().put(estimator.k(), 2);
    ParamMap[] sizes = {map(), large, sparse};
    assertEquals(once + ROWS.length, readBy(() -> estimator.fit(frame, sizes)));
  }

  private static long readBy(Executable action) throws Throwable {
    READ.set(0);
    action.execute();
    return READ.get();
  }

  /** MLlib's own signature, which other stages and Scala programs call. */
  @Test
  void mllibsDoorGivesTheSame() {
    List<ParamMap> maps = List.of(map().put(estimator.seed(), 3L), map());
    List<SparseAutoencoderModel> models =
        CollectionConverters.asJava(
            estimator.fit(frame(), CollectionConverters.asScala(maps).toSeq()));
    assertEquals(List.of(3L, 7L), models.stream().map(SparseAutoencoderModel::getSeed).toList());
    assertEquals(List.of(), estimator.fit(frame(), new ParamMap[0]));
  }

  @Test
  void eachModelIsHandedOverBeforeTheNextIsTrained() {
    List<Integer> order = new ArrayList<>();
    RuntimeException enough = new RuntimeException("enough");
    ParamMap[] maps = {map().put(estimator.seed(), 3L), map().put(estimator.stepSize(), 1e6)};
    RuntimeException thrown =
        assertThrows(
            RuntimeException.class,
            () ->
                estimator.fitEach(
                    frame(),
                    maps,
                    (model, index) -> {
                      order.add(index);
                      throw enough;
                    }));
    assertSame(enough, thrown);
    assertEquals(List.of(0), order);
    Stored.awaitFiles(0);
  }

  @Test
  void anInvalidMapIsNamedBeforeRowsAreRead() throws Throwable {
    ParamMap[] maps = {map(), map().put(estimator.k(), 9).put(estimator.maxIter(), 1)};
    int jobs =
        Fixtures.jobsOf(
            () -> {
              String message = refusal(maps);
              assertTrue(
                  message.startsWith("paramMaps[1] (k = 9, maxIter = 1): k must be "), message);
            });
    assertEquals(0, jobs);
  }

  /** Each model takes 0.8 of the heap to train, 36 bytes a parameter, and 4 bytes to keep. */
  @Test
  void memoryCountsTheModelsThatAreKept() {
    int inputs = ROWS[0].length;
    long parameters = Runtime.getRuntime().maxMemory() / 36 * 8 / 10;
    int[] units = {(int) ((parameters - inputs) / (2 * inputs + 1))};
    ParamMap[] maps = new ParamMap[4];
    Arrays.setAll(maps, i -> map().put(estimator.hiddenLayers(), units));
    String message = refusal(maps);
    assertTrue(message.startsWith("paramMaps[3] (hiddenLayers = ["), message);
    assertTrue(message.contains(" bytes that are kept, needs at least "), message);
    assertTrue(message.contains("or use fitEach, which keeps no model"), message);
  }

  @Test
  void aDivergedModelIsNamed() {
    ParamMap[] maps = {map(), map().put(estimator.stepSize(), 1e6).put(estimator.maxIter(), 20)};
    estimator.setHiddenLayers(8, 6, 4).setActivation("linear").setSparsity("targetL2");
    Dataset<Row> frame = frame();
    DivergedException diverged =
        assertThrows(DivergedException.class, () -> estimator.fit(frame, maps));
    String message = diverged.getMessage();
    assertTrue(
        message.startsWith(
            "paramMaps[1] (maxIter = 20, stepSize = 1000000.0): training diverged at epoch"),
        message);
    Stored.awaitFiles(0);
    List<Integer> fitted = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    estimator.fitEach(
        frame,
        new ParamMap[] {maps[1], maps[0]},
        (model, index) -> fitted.add(index),
        (failure, index) -> failed.add(index + " " + failure.getMessage()));
    assertEquals(List.of(1), fitted);
    assertEquals(List.of("0 " + message.replace("paramMaps[1]", "paramMaps[0]")), failed);
    Stored.awaitFiles(0);
  }

  @Test
  void aDirectoryOfCheckpointsBelongsToOneModel(@TempDir Path folder) {
    estimator.setCheckpointDir(folder.resolve("a").toString());
    String spelledOtherwise = "file:" + folder.resolve("a/");
    ParamMap[] maps = {
      map().put(estimator.k(), 1), map().put(estimator.checkpointDir(), spelledOtherwise)
    };
    String message = refusal(maps);
    assertTrue(
        message.contains("is that of paramMaps[0] (k = 1) and of paramMaps[1] (checkpointDir = "),
        message);
    maps[1].put(estimator.checkpointDir(), folder.resolve("b").toString());
    assertEquals(2, estimator.fit(frame(), maps).size());
    assertTrue(folder.resolve("b").toFile().isDirectory());
  }

  private String refusal(ParamMap... maps) {
    Dataset<Row> frame = frame();
    return assertThrows(IllegalArgumentException.class, () -> estimator.fit(frame, maps))
        .getMessage();
  }
}

package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;
import org.sparksae.spark.job.MemoryNeed;
import org.sparksae.spark.ml.file.ModelReader;
import org.sparksae.spark.ml.fit.ModelMemory;

/** What cannot fit into memory is refused before it is tried. */
@ExtendWith(LocalSpark.class)
class MemoryNeedTest {
  private static final long HEAP = Runtime.getRuntime().maxMemory();

  /** Sparse rows of a size. */
  private static Dataset<Row> frame(int size) {
    Vector row = Vectors.sparse(size, new int[] {0, size / 2}, new double[] {0.5, 0.25});
    return TestFrames.frame(
        new StructType().add("features", InputType.SPARSE_VECTOR.type()),
        List.of(List.of(RowFactory.create(row), RowFactory.create(row))));
  }

  private static SparseAutoencoder estimator(int... hiddenLayers) {
    return Fixtures.estimator()
        .setHiddenLayers(hiddenLayers)
        .setActivation("relu")
        .setSparsity("l1")
        .setSparsityTargets(0.5)
        .setMaxIter(1);
  }

  private static String refusal(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }

  /**
   * 2 * 10^7 * 2 + 10^7 + 2 parameters: by L-BFGS 240 bytes each, by a tree of Adam 32, by two
   * workers in this process 36.
   */
  @Test
  void sparseRowsOfTenMillionColumnsAreRefusedWithTheBytes() {
    long parameters = 50_000_002;
    assertEquals(
        "training by solver = l-bfgs of 50000002 parameters (rows of 10000000 values, hidden layers"
            + " of [2]) needs at least 11.2 GiB (%d bytes) of memory on the driver, which has %s"
                .formatted(240 * parameters, gibibytes())
            + " set spark.driver.memory to more, or use rows of fewer values, fewer units, or solver"
            + " = adam, which needs less",
        refusal(() -> estimator(2).fit(frame(10_000_000))));
    String adam =
        refusal(() -> estimator(4).setSolver("adam").setAggregation("tree").fit(frame(20_000_000)));
    assertTrue(adam.contains("(%d bytes)".formatted(32 * 180_000_004L)), adam);
    String workers =
        refusal(
            () ->
                estimator(4).setSolver("adam").setAggregation("allReduce").fit(frame(20_000_000)));
    assertTrue(workers.contains("(%d bytes)".formatted(36 * 180_000_004L)), workers);
  }

  private static String gibibytes() {
    return String.format(Locale.ROOT, "%.1f GiB (%d bytes);", HEAP / (double) (1 << 30), HEAP);
  }

  @Test
  void aHundredMillionUnitsAreRefusedWithTheBytes() {
    String bytes = refusal(() -> estimator(100_000_000).fit(frame(2)));
    assertTrue(bytes.contains("(%d bytes)".formatted(240 * 500_000_002L)), bytes);
    String tooMany = refusal(() -> estimator(100_000_000).fit(frame(40)));
    assertEquals(
        "the model has more than 2^31 - 9 parameters at encoder.0.weight [100000000, 40], which an"
            + " array cannot hold; use fewer units, or rows of fewer values",
        tooMany);
  }

  /** Layer after layer needs what the largest of them needs. */
  @Test
  void layersThatAreTrainedOneAfterTheOtherNeedMemoryOneAfterTheOther() {
    int d = 8_000_000;
    // 3 * 8 * 10^6 + 1, and 4 more with both layers.
    String joint = refusal(() -> estimator(1, 1).fit(frame(d)));
    assertTrue(joint.contains("of 24000005 parameters"), joint);
    String greedy = refusal(() -> estimator(1, 1).setLayerTraining("greedy").fit(frame(d)));
    assertTrue(greedy.contains("of 24000001 parameters"), greedy);
  }

  /** A model of a million columns is large, and is trained. */
  @Test
  void whatFitsIsTrained() {
    assertEquals(1_000_000, estimator(2).setSolver("adam").fit(frame(1_000_000)).numFeatures());
  }

  @Test
  void aTrainingOfNoIterationsNeedsNone() {
    assertEquals(0, estimator(2).setMaxIter(0).fit(frame(3_000_000)).summary().totalIterations());
  }

  @Test
  void driverAndExecutorsAreCountedApart() {
    assertEquals(new MemoryNeed(240, 16), ModelMemory.ofFit(1, true, 0, false));
    assertEquals(new MemoryNeed(32, 16), ModelMemory.ofFit(1, false, 0, false));
    // 12 before and after the round.
    assertEquals(new MemoryNeed(24, 10), ModelMemory.ofFit(1, false, 4, false));
    assertEquals(new MemoryNeed(240, 0), ModelMemory.ofFit(1, true, 0, true));
    // 12 before, 4 workers of 8, and 8 of moments.
    assertEquals(new MemoryNeed(52, 0), ModelMemory.ofFit(1, false, 4, true));
    // Counts beyond an int.
    assertEquals(
        new MemoryNeed(480L << 30, 32L << 30), ModelMemory.ofFit(1L << 31, true, 0, false));
  }

  @Test
  void theMessageNamesWhereAndTheSetting() {
    MemoryNeed need = new MemoryNeed(3L << 30, 2L << 30);
    need.require(3L << 30, 2L << 30, "it", "less");
    assertEquals(
        "it needs at least 3.0 GiB (3221225472 bytes) of memory on the driver, which has 1.0 GiB"
            + " (1073741824 bytes); set spark.driver.memory to more, or use less",
        refusal(() -> need.require(1L << 30, 2L << 30, "it", "less")));
    assertEquals(
        "it needs at least 2.0 GiB (2147483648 bytes) of memory on each executor, which has 1.5 GiB"
            + " (1610612736 bytes); set spark.executor.memory to more, or use less",
        refusal(() -> need.require(3L << 30, 3L << 29, "it", "less")));
  }

  @Test
  void aModelFileThatCannotFitIsNotRead() {
    assertEquals(
        true,
        refusal(() -> ModelReader.requireMemory("models/big", 1L << 45))
            .startsWith("loading the model in models/big needs at least 65536.0 GiB"));
  }
}

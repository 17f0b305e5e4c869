package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparksae.core.rows.StoragePrecision;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;
import org.sparksae.spark.data.Stored;

/** How rows are kept and visited, in fits. */
@ExtendWith(LocalSpark.class)
class StorageFitTest {
  private static final float[][] ROWS = TestFrames.rows(120, 6, 2);

  private static SparseAutoencoder adam() {
    return Fixtures.estimator().setSolver("adam").setNumWorkers(2).setBatchSize(16).setMaxIter(2);
  }

  private static float[] fit(SparseAutoencoder estimator) {
    return estimator.fit(TestFrames.frame(ROWS, 2)).parameters();
  }

  private static String identity(Path directory) throws IOException {
    return Files.readString(directory.resolve("run.txt"), StandardCharsets.UTF_8);
  }

  @Test
  void aWindowOfAllRowsIsNone(@TempDir Path folder) throws IOException {
    float[] plain = fit(adam());
    Path all = folder.resolve("all");
    assertArrayEquals(plain, fit(adam().setShuffleWindow(120).setCheckpointDir(all.toString())));
    assertFalse(identity(all).contains("shuffleWindow"), identity(all));
    Path some = folder.resolve("some");
    SparseAutoencoder windowed = adam().setShuffleWindow(40);
    float[] other = fit(windowed.setCheckpointDir(some.toString()));
    assertFalse(Arrays.equals(plain, other));
    assertTrue(identity(some).contains("shuffleWindow        40\n"), identity(some));
  }

  /** Their files are in the same process, and their jobs take turns. */
  @Test
  void twoFitsAtOnceHaveRowsOfTheirOwn() {
    SparseAutoencoder estimator = Fixtures.estimator();
    Dataset<Row> frame = TestFrames.frame(ROWS, 2);
    Dataset<Row> other = TestFrames.frame(TestFrames.rows(120, 6, 3), 2);
    CompletableFuture<SparseAutoencoderModel> beside =
        CompletableFuture.supplyAsync(() -> estimator.fit(other));
    SparseAutoencoderModel model = estimator.fit(frame);
    float[] parameters = beside.join().parameters();
    Stored.awaitFiles(0);
    assertArrayEquals(estimator.fit(frame).parameters(), model.parameters());
    assertArrayEquals(estimator.fit(other).parameters(), parameters);
  }

  @Test
  void fullBatchesHaveNoWindow() {
    SparseAutoencoder fullBatch = adam().setSolver("l-bfgs");
    assertArrayEquals(fit(fullBatch), fit(fullBatch.setShuffleWindow(40)));
  }

  private static float[][] rounded(float[][] rows) {
    float[][] copy = new float[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      copy[i] = rows[i].clone();
      StoragePrecision.BFLOAT16.round(copy[i], 0, copy[i].length);
    }
    return copy;
  }

  private static Dataset<Row> frame(InputType type, float[][] rows) {
    return TestFrames.frame(type, TestFrames.split(rows, 2));
  }

  /** Parameters, history and statistics, to the bit. */
  @ParameterizedTest
  @CsvSource({"adam, DENSE_VECTOR", "adam, SPARSE_VECTOR", "l-bfgs, NULLABLE_FLOATS"})
  void aFitOfHalfPreciseRowsIsThatOfRowsRoundedBefore(String solver, InputType type) {
    float[][] wide = TestFrames.rows(120, 24, 2);
    for (float[] row : wide) {
      // Few values are not 0, so that SparseVectors stay sparse.
      Arrays.fill(row, 3, type == InputType.SPARSE_VECTOR ? 24 : 3, 0f);
    }
    SparseAutoencoder full = adam().setSolver(solver);
    SparseAutoencoder half = adam().setSolver(solver).setStoragePrecision("bfloat16");
    SparseAutoencoderModel expected = full.fit(frame(type, rounded(wide)));
    SparseAutoencoderModel actual = half.fit(frame(type, wide));
    assertArrayEquals(expected.parameters(), actual.parameters());
    assertArrayEquals(expected.summary().objectiveHistory(), actual.summary().objectiveHistory());
    assertEquals(
        expected.summary().statistics().meanSquaredError(),
        actual.summary().statistics().meanSquaredError());
    assertEquals("float32", expected.summary().storagePrecision());
    assertEquals("bfloat16", actual.summary().storagePrecision());
    assertFalse(Arrays.equals(actual.parameters(), full.fit(frame(type, wide)).parameters()));
  }

  /** The codes that a greedy training puts between layers keep their precision. */
  @Test
  void codesBetweenLayersAreNotRounded() {
    SparseAutoencoder greedy = adam().setHiddenLayers(5, 3).setLayerTraining("greedy");
    float[] expected = greedy.fit(frame(InputType.DENSE_VECTOR, rounded(ROWS))).parameters();
    assertArrayEquals(expected, fit(greedy.setStoragePrecision("bfloat16")));
  }

  @Test
  void aCheckpointKnowsThePrecision(@TempDir Path folder) throws IOException {
    Path half = folder.resolve("half");
    fit(adam().setStoragePrecision("bfloat16").setCheckpointDir(half.toString()));
    assertTrue(identity(half).contains("storagePrecision     bfloat16\n"), identity(half));
    SparseAutoencoder full = adam().setCheckpointDir(half.toString());
    String message = assertThrows(IllegalArgumentException.class, () -> fit(full)).getMessage();
    assertTrue(
        message.contains("storagePrecision is not set, the checkpoint has bfloat16"), message);
  }
}

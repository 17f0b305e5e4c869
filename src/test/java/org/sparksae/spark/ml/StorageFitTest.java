package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

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

  @Test
  void fullBatchesHaveNoWindow() {
    SparseAutoencoder fullBatch = adam().setSolver("l-bfgs");
    assertArrayEquals(fit(fullBatch), fit(fullBatch.setShuffleWindow(40)));
  }
}

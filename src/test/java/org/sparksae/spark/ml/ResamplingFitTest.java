package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/** {@code resampleSteps}: from the Param to the summary. */
@ExtendWith(LocalSpark.class)
class ResamplingFitTest {
  private static Dataset<Row> frame;

  @TempDir private Path folder;

  @BeforeAll
  static void rows() {
    frame = TestFrames.frame(TestFrames.rows(120, 9, 2), 2);
  }

  /** Four batches an epoch; few rows have more than one latent, so that most latents are dead. */
  private static SparseAutoencoder estimator() {
    return Fixtures.estimator()
        .setHiddenLayers(60)
        .setSparsity("none")
        .setBatchTopK(1)
        .setNumWorkers(2)
        .setBatchSize(37)
        .setResampleSteps(3)
        .setMaxIter(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tree", "allReduce"})
  void aResumedTrainingHasTheSameBits(String aggregation) {
    SparseAutoencoder estimator = estimator().setAggregation(aggregation);
    SparseAutoencoderModel whole = estimator.fit(frame);
    assertTrue(whole.summary().resampledUnits() > 0);
    estimator.setCheckpointDir(folder.toString()).setCheckpointInterval(1).setMaxIter(2);
    assertTrue(estimator.fit(frame).summary().resampledUnits() > 0);
    SparseAutoencoderModel resumed = estimator.setMaxIter(4).fit(frame);
    assertArrayEquals(whole.parameters(), resumed.parameters());
    assertEquals(whole.summary().resampledUnits(), resumed.summary().resampledUnits());
    assertRefused(estimator.setResampleSteps(5), "resampleSteps is 5, the checkpoint has 3");
  }

  @Test
  void whatCannotBeIsRefused() {
    assertRefused(
        estimator().setResampleSteps(16),
        "resampleSteps must be below the steps of the training, 16, got 16");
    assertRefused(estimator().setAuxK(2), "resampleSteps and auxK exclude each other");
    SparseAutoencoder transcoder = estimator().setTargetCol(TestFrames.FEATURES);
    assertRefused(transcoder, "resampleSteps excludes targetCol, since a row of the input");
    SparseAutoencoder plain = Fixtures.estimator().setResampleSteps(3);
    assertRefused(
        plain.setSolver("l-bfgs"), "resampleSteps needs solver = adam, since l-bfgs needs");
    assertRefused(
        plain.setSolver("adam").setActivation("sigmoid"),
        "resampleSteps needs units that can be inactive, but activation 'sigmoid' is never");
    assertRefused(
        plain.setActivation("relu").setHiddenLayers(5, 3),
        "resampleSteps needs one fully connected hidden layer, got 2 layers");
    assertThrows(IllegalArgumentException.class, () -> plain.setResampleSteps(0));
  }

  private static void assertRefused(SparseAutoencoder estimator, String says) {
    String problem =
        assertThrows(IllegalArgumentException.class, () -> estimator.fit(frame)).getMessage();
    assertTrue(problem.contains(says), problem);
  }
}

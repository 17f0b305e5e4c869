package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.model.DecoderNorm;
import org.sparksae.core.nn.DecoderVectors;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/** {@code decoderNorm = unit}: from the Param to the saved model, and what it is refused with. */
@ExtendWith(LocalSpark.class)
class UnitDecoderFitTest {
  @TempDir private Path folder;

  private static Dataset<Row> frame;

  @BeforeAll
  static void rows() {
    frame = TestFrames.frame(TestFrames.rows(120, 9, 2), 2);
  }

  /** Untied and dense, so that the vectors of both workers are cut. */
  private static SparseAutoencoder estimator(String aggregation) {
    return Fixtures.estimator()
        .setDecoderNorm("unit")
        .setHiddenLayers(20)
        .setActivation("relu")
        .setSparsity("l1")
        .setSolver("adam")
        .setAggregation(aggregation)
        .setNumWorkers(2)
        .setBatchSize(37)
        .setGradientClip(0.5)
        .setMaxIter(4);
  }

  private static void assertUnit(AutoencoderModel<?> model) {
    for (double length : DecoderVectors.lengths(model.spec(), model.parameters())) {
      assertEquals(1, length, 1.2e-7);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tree", "allReduce"})
  void savedVectorsHaveLength1AndResumedOnesTheSameBits(String aggregation) throws IOException {
    SparseAutoencoder estimator = estimator(aggregation);
    SparseAutoencoderModel whole = estimator.fit(frame);
    whole.save(folder.resolve("model").toString());
    SparseAutoencoderModel loaded = SparseAutoencoderModel.load(folder.resolve("model").toString());
    assertUnit(loaded);
    assertEquals("unit", loaded.getDecoderNorm());
    assertEquals(DecoderNorm.UNIT, loaded.spec().decoderNorm());
    assertArrayEquals(whole.parameters(), loaded.parameters());

    estimator.setCheckpointDir(folder.resolve("checkpoints").toString()).setCheckpointInterval(1);
    estimator.setMaxIter(2).fit(frame);
    assertArrayEquals(whole.parameters(), estimator.setMaxIter(4).fit(frame).parameters());
    assertRefused(
        estimator.setDecoderNorm("free"), "decoderNorm is not set, the checkpoint has unit");
  }

  @Test
  void layersTrainedOneAfterAnotherAllHaveIt() {
    SparseAutoencoderModel deep =
        estimator("tree").setHiddenLayers(8, 5).setLayerTraining("greedyThenJoint").fit(frame);
    assertUnit(deep);
    assertEquals("unit", deep.layer(2).getDecoderNorm());
    assertUnit(deep.layer(2));
  }

  @Test
  void filtersOfAConvolutionHaveIt() {
    ConvolutionalSparseAutoencoder estimator =
        new ConvolutionalSparseAutoencoder()
            .setInputCol(TestFrames.FEATURES)
            .setImageShape(1, 3, 3)
            .setFilters(4)
            .setKernelSizes(2)
            .setSolver("adam")
            .setDecoderNorm("unit")
            .setMaxIter(2);
    assertUnit(estimator.fit(frame));
  }

  @Test
  void aTrainingBeginsAtVectorsOfLength1() throws IOException {
    String unit = folder.resolve("unit").toString();
    SparseAutoencoderModel model = estimator("tree").fit(frame);
    model.save(unit);
    SparseAutoencoder next = estimator("tree").setInitialModel(unit);
    assertArrayEquals(model.parameters(), next.setMaxIter(0).fit(frame).parameters());
    assertUnit(next.setMaxIter(1).fit(frame));
    assertArrayEquals(
        model.parameters(), next.setDecoderNorm("free").setMaxIter(0).fit(frame).parameters());

    String free = folder.resolve("free").toString();
    estimator("tree").setDecoderNorm("free").setMaxIter(1).fit(frame).save(free);
    assertRefused(
        estimator("tree").setInitialModel(free),
        "does not fit: decoderNorm is unit, the model's is free; set the Params to the model's, or"
            + " name a model that fits");
  }

  @Test
  void whatCannotBeIsRefusedBeforeTraining() {
    SparseAutoencoder lbfgs = Fixtures.estimator().setDecoderNorm("unit");
    assertEquals(
        "decoderNorm = unit needs solver = adam, since the straight lines that l-bfgs searches leave"
            + " the vectors of length 1; set solver = adam, or decoderNorm = free",
        assertThrows(IllegalArgumentException.class, () -> lbfgs.transformSchema(frame.schema()))
            .getMessage());
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> estimator("tree").setDecoderNorm("one"))
            .getMessage()
            .contains("decoderNorm must be one of free, unit, got 'one'"));
  }

  private static void assertRefused(SparseAutoencoder estimator, String says) {
    String problem =
        assertThrows(IllegalArgumentException.class, () -> estimator.fit(frame)).getMessage();
    assertTrue(problem.contains(says), problem);
  }
}

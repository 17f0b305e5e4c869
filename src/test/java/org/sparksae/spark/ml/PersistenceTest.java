package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

@ExtendWith(LocalSpark.class)
class PersistenceTest {
  private static final float[][] ROWS = TestFrames.rows(20, 5, 11);
  private static SparseAutoencoder estimator;
  private static SparseAutoencoderModel model;
  private static Dataset<Row> frame;

  @TempDir private Path folder;

  @BeforeAll
  static void fit() {
    frame = TestFrames.frame(ROWS, 2);
    estimator =
        Fixtures.everyParamSet()
            .setWeightCol("")
            .setValidationIndicatorCol("")
            .setCheckpointDir("")
            .setInitialModel("")
            .setPreBias("none") // It is for one layer,
            .setInputNorm("none") // this for a linear reconstruction,
            .setInitDecoderNorm(1) // and unit vectors start with length 1.
            .setContamination(0);
    Fixtures.clearOthersThanK(estimator);
    model = estimator.fit(frame);
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void anEstimatorKeepsEveryParam() throws IOException {
    SparseAutoencoder original = Fixtures.everyParamSet();
    original.save(path("estimator"));
    SparseAutoencoder loaded = SparseAutoencoder.load(path("estimator"));
    assertEquals(original.uid(), loaded.uid());
    assertEquals(Fixtures.values(original), Fixtures.values(loaded));
    assertTrue(loaded.isSet(loaded.seed()));
  }

  @Test
  void defaultsStayDefaults() throws IOException {
    SparseAutoencoder original = new SparseAutoencoder();
    original.save(path("estimator"));
    SparseAutoencoder loaded = SparseAutoencoder.load(path("estimator"));
    assertEquals(Fixtures.values(original), Fixtures.values(loaded));
    assertTrue(!loaded.isSet(loaded.seed()) && !loaded.isDefined(loaded.hiddenLayers()));
  }

  @Test
  void aModelKeepsParamsWeightsAndCodes() throws IOException {
    model.save(path("model"));
    SparseAutoencoderModel loaded = SparseAutoencoderModel.load(path("model"));
    assertSame(loaded);
  }

  @Test
  void aPipelineKeepsItsEstimator() throws IOException {
    new Pipeline().setStages(new PipelineStage[] {estimator}).save(path("pipeline"));
    PipelineStage loaded = Pipeline.load(path("pipeline")).getStages()[0];
    assertEquals(
        Fixtures.values(estimator),
        Fixtures.values(assertInstanceOf(SparseAutoencoder.class, loaded)));
  }

  @Test
  void aPipelineModelKeepsItsModel() throws IOException {
    PipelineModel pipeline = new Pipeline().setStages(new PipelineStage[] {estimator}).fit(frame);
    pipeline.save(path("pipeline"));
    PipelineModel loaded = PipelineModel.load(path("pipeline"));
    assertSame(assertInstanceOf(SparseAutoencoderModel.class, loaded.stages()[0]));
    assertEquals(model.transform(frame).collectAsList(), loaded.transform(frame).collectAsList());
  }

  private static void assertSame(SparseAutoencoderModel loaded) {
    assertEquals(model.uid(), loaded.uid());
    assertEquals(Fixtures.values(model), Fixtures.values(loaded));
    assertEquals(model.spec(), loaded.spec());
    assertArrayEquals(model.parameters(), loaded.parameters());
    assertEquals(model.transform(frame).collectAsList(), loaded.transform(frame).collectAsList());
  }

  @Test
  void aSecondSaveIsRefusedUnlessToldToOverwrite() throws IOException {
    model.save(path("model"));
    IOException refused = assertThrows(IOException.class, () -> model.save(path("model")));
    assertTrue(refused.getMessage().contains("already exists"), refused.getMessage());
    SparseAutoencoderModel other = Fixtures.handModel("hand");
    other.write().overwrite().save(path("model"));
    SparseAutoencoderModel loaded = SparseAutoencoderModel.load(path("model"));
    assertArrayEquals(other.parameters(), loaded.parameters());
    assertEquals("hand", loaded.uid());
  }

  @Test
  void equalModelsGiveEqualWeightFiles() throws IOException {
    model.save(path("first"));
    estimator.fit(frame).save(path("second"));
    SparseAutoencoderModel.load(path("first")).transform(frame).collect();
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("first/weights.safetensors")),
        Files.readAllBytes(folder.resolve("second/weights.safetensors")));
  }

  @Test
  void aModelDirectoryHoldsMetadataWeightsAndSummary() throws IOException {
    model.save(path("model"));
    try (Stream<Path> files = Files.list(folder.resolve("model"))) {
      assertEquals(
          List.of("metadata", "summary.json", "weights.safetensors"),
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !name.startsWith("."))
              .sorted()
              .toList());
    }
  }
}

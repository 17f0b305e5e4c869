package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.core.format.CorruptModelException;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.TopK;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/** K-sparse models on disk, with the Params that only they have. */
@ExtendWith(LocalSpark.class)
class KSparsePersistenceTest {
  private static SparseAutoencoder estimator;
  private static SparseAutoencoderModel model;
  private static Dataset<Row> frame;

  @TempDir private Path folder;

  @BeforeAll
  static void fit() {
    frame = TestFrames.frame(TestFrames.rows(40, 5, 11), 2);
    estimator =
        Fixtures.estimator()
            .setHiddenLayers(8)
            .setSolver("adam")
            .setReconstructionErrorCol("error")
            .setK(2)
            .setKStart(4)
            .setEncodeK(3);
    model = estimator.fit(frame);
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private static void assertSame(SparseAutoencoderModel loaded) {
    assertEquals(model.uid(), loaded.uid());
    assertEquals(Fixtures.values(model), Fixtures.values(loaded));
    assertEquals(model.spec(), loaded.spec());
    assertArrayEquals(model.parameters(), loaded.parameters());
    assertEquals(model.transform(frame).collectAsList(), loaded.transform(frame).collectAsList());
    // Not set, so that the spec and not the default of dense models counts.
    assertFalse(loaded.isSet(loaded.activation()) || loaded.isSet(loaded.sparsity()));
    assertEquals(Activation.LINEAR, loaded.spec().hiddenLayers().get(0).activation());
  }

  @Test
  void aModelKeepsParamsWeightsAndCodes() throws IOException {
    model.save(path("model"));
    assertSame(SparseAutoencoderModel.load(path("model")));
  }

  @Test
  void aPipelineModelKeepsItsModel() throws IOException {
    new Pipeline().setStages(new PipelineStage[] {estimator}).fit(frame).save(path("pipeline"));
    PipelineModel loaded = PipelineModel.load(path("pipeline"));
    assertSame(assertInstanceOf(SparseAutoencoderModel.class, loaded.stages()[0]));
  }

  @Test
  void anEstimatorThatWasSavedFitsTheSame() throws IOException {
    estimator.save(path("estimator"));
    SparseAutoencoder loaded = SparseAutoencoder.load(path("estimator"));
    assertEquals(Fixtures.values(estimator), Fixtures.values(loaded));
    assertArrayEquals(model.parameters(), loaded.fit(frame).parameters());
  }

  @Test
  void theFileOfAKSparseModelIsOfVersion2AndThatOfADenseOneOfVersion1() throws IOException {
    model.save(path("sparse"));
    String sparse = weights("sparse");
    assertTrue(sparse.contains("\"formatVersion\":\"2\""), sparse);
    assertTrue(sparse.contains("\\\"k\\\":2,\\\"topKBy\\\":\\\"magnitude\\\""), sparse);
    Fixtures.handModel("hand").save(path("dense"));
    String dense = weights("dense");
    assertTrue(dense.contains("\"formatVersion\":\"1\""), dense);
    assertFalse(dense.contains("topKBy"), dense);
  }

  /** Equally long, so that the header's length stays right. */
  @Test
  void aDamagedKIsRefusedByPathAndRule() throws IOException {
    Fixtures.kSparseModel("kSparse", Activation.RELU, TopK.By.VALUE).save(path("model"));
    Files.delete(folder.resolve("model/.weights.safetensors.crc"));
    String text = weights("model");
    assertTrue(text.contains("\\\"k\\\":2,"), text);
    Files.write(
        folder.resolve("model/weights.safetensors"),
        text.replace("\\\"k\\\":2,", "\\\"k\\\":6,").getBytes(StandardCharsets.ISO_8859_1));
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> SparseAutoencoderModel.load(path("model")));
    assertEquals(
        "the model in %s is damaged or not readable: spec is not a model description: k must be in"
                .formatted(path("model"))
            + " [1, 5], the units of the last of the hiddenLayers; got 6",
        refused.getMessage());
    assertInstanceOf(CorruptModelException.class, refused.getCause());
  }

  private String weights(String model) throws IOException {
    Path file = folder.resolve(model).resolve("weights.safetensors");
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }
}

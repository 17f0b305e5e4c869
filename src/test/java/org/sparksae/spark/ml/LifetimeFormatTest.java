package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.LifetimeSparsity;
import org.sparksae.core.model.Sparsity;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/**
 * A model with lifetime sparsity, of format version 4, as it was once written, which every later
 * release must read.
 *
 * <p>{@link #write} made {@code src/test/resources/fixtures/model-v4-lifetime}; Hadoop's {@code
 * .crc} files were left out. It is not to be made again: a new format version gets a fixture of its
 * own.
 */
@ExtendWith(LocalSpark.class)
class LifetimeFormatTest {
  private static final AutoencoderSpec SPEC =
      new AutoencoderSpec(
          2,
          List.of(
              new HiddenLayer(
                  3, Activation.RELU, Sparsity.NONE, null, new LifetimeSparsity(0.125))),
          Activation.LINEAR,
          false,
          0.0625);

  /**
   *
   *
   * <pre>
   * W = [1 0; 0 1; 1 -1], b = (0, -1, 0.5);  V by units = (1, 0), (0, 2), (0.5, 0), c = (0.25, 0)
   * </pre>
   */
  private static final float[] PARAMETERS = {
    1, 0, 0, 1, 1, -1, 0, -1, 0.5f, 1, 0, 0, 2, 0.5f, 0, 0.25f, 0
  };

  /** Writes the model that the fixture holds; the directory must not exist. */
  static void write(String directory) throws IOException {
    SparseAutoencoderModel model =
        new SparseAutoencoderModel("sparseAutoencoder_v4_lifetime", SPEC, PARAMETERS)
            .setInputCol(TestFrames.FEATURES)
            .setOutputCol("code")
            .setReconstructionCol("reconstruction");
    model.set("lifetimeSparsity", 0.125);
    model.save(directory);
  }

  /** x = (2, 3): z = (2, 2, -0.5), h = (2, 2, 0), x_hat = (2 + 0.25, 4). */
  @Test
  void loadsWithParamsAndSpecAndGivesTheRecordedCodes() throws Exception {
    Path fixture =
        Path.of(LifetimeFormatTest.class.getResource("/fixtures/model-v4-lifetime").toURI());
    SparseAutoencoderModel model = SparseAutoencoderModel.load(fixture.toString());
    assertEquals("sparseAutoencoder_v4_lifetime", model.uid());
    assertEquals(SPEC, model.spec());
    assertEquals(0.125, model.getLifetimeSparsity());
    Row encoded = model.transform(TestFrames.frame(new float[][] {{2, 3}}, 1)).first();
    assertEquals(Vectors.dense(2, 2, 0).toSparse(), encoded.getAs("code"));
    assertEquals(Vectors.dense(2.25, 4), encoded.getAs("reconstruction"));
  }
}

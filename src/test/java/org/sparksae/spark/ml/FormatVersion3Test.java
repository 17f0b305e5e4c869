package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/**
 * A model with a relu output, of format version 3, as it was once written, which every later
 * release must read.
 *
 * <p>{@link #write} made {@code src/test/resources/fixtures/model-v3}; Hadoop's {@code .crc} files
 * were left out. It is not to be made again: a new format version gets a fixture of its own.
 */
@ExtendWith(LocalSpark.class)
class FormatVersion3Test {
  private static final AutoencoderSpec SPEC =
      new AutoencoderSpec(
          2,
          List.of(
              new HiddenLayer(
                  2,
                  Activation.RELU,
                  new Sparsity(SparsityKind.L1, SparsityScope.UNIT, 0.125, 0.25)),
              new HiddenLayer(1, Activation.LINEAR, Sparsity.NONE)),
          Activation.RELU,
          false,
          0.0625);

  /**
   *
   *
   * <pre>
   * W_1 = [1 2; 0 -1], b_1 = (0.5, 2);  W_2 = [1 -1], b_2 = 0.25
   * decoder.1: (2, -1), bias (1, 8);  decoder.0: [1 -1; 0 2], bias (0.25, -0.25)
   * </pre>
   */
  private static final float[] PARAMETERS = {
    1, 2, 0, -1, 0.5f, 2, 1, -1, 0.25f, 2, -1, 1, 8, 1, -1, 0, 2, 0.25f, -0.25f
  };

  /** Writes the model that the fixture holds; the directory must not exist. */
  static void write(String directory) throws IOException {
    SparseAutoencoderModel model =
        new SparseAutoencoderModel("sparseAutoencoder_v3", SPEC, PARAMETERS)
            .setInputCol(TestFrames.FEATURES)
            .setOutputCol("code")
            .setReconstructionCol("reconstruction")
            .setOutputLayer(1);
    model.set("layerTraining", "greedy");
    model.set("outputActivation", "relu");
    model.save(directory);
  }

  private static SparseAutoencoderModel load() throws Exception {
    Path fixture = Path.of(FormatVersion3Test.class.getResource("/fixtures/model-v3").toURI());
    return SparseAutoencoderModel.load(fixture.toString());
  }

  @Test
  void loadsWithParamsAndSpec() throws Exception {
    SparseAutoencoderModel model = load();
    assertEquals("sparseAutoencoder_v3", model.uid());
    assertEquals(SPEC, model.spec());
    assertEquals("greedy", model.getLayerTraining());
    assertEquals(1, model.getOutputLayer());
    assertThrows(IllegalStateException.class, model::summary);
  }

  /**
   * x = (1, 1): h_1 = (3.5, 1), h_2 = 2.75; back: relu(5.5 + 1, -2.75 + 8) = (6.5, 5.25), x_hat =
   * relu(6.5 - 5.25 + 0.25, 10.5 - 0.25) = (1.5, 10.25).
   *
   * <p>x = (-2, 0.5): z_1 = (-0.5, 1.5), h_1 = (0, 1.5), h_2 = -1.25; back: relu(-2.5 + 1, 1.25 +
   * 8) = (0, 9.25), x_hat = relu(-9.25 + 0.25, 18.5 - 0.25) = (0, 18.25).
   */
  @Test
  void givesTheRecordedCodes() throws Exception {
    float[][] rows = {{1, 1}, {-2, 0.5f}};
    SparseAutoencoderModel model = load();
    List<Row> encoded = model.transform(TestFrames.frame(rows, 1)).collectAsList();
    assertEquals(Vectors.dense(3.5, 1).toSparse(), encoded.get(0).getAs("code"));
    assertEquals(Vectors.dense(1.5, 10.25), encoded.get(0).getAs("reconstruction"));
    assertEquals(Vectors.dense(0, 1.5).toSparse(), encoded.get(1).getAs("code"));
    assertEquals(Vectors.dense(0, 18.25), encoded.get(1).getAs("reconstruction"));
    model.clear(model.outputLayer());
    List<Row> last = model.transform(TestFrames.frame(rows, 1)).collectAsList();
    assertEquals(Vectors.dense(2.75).toSparse(), last.get(0).getAs("code"));
    assertEquals(Vectors.dense(-1.25).toSparse(), last.get(1).getAs("code"));
  }
}

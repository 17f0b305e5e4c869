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
 * A model of format version 1 as it was once written, which every later release must read.
 *
 * <p>{@link #write} made {@code src/test/resources/fixtures/model-v1}; Hadoop's {@code .crc} files
 * were left out. It is not to be made again: a new format version gets a fixture of its own.
 */
@ExtendWith(LocalSpark.class)
class FormatVersion1Test {
  private static final AutoencoderSpec SPEC =
      new AutoencoderSpec(
          2,
          List.of(
              new HiddenLayer(
                  2,
                  Activation.LINEAR,
                  new Sparsity(SparsityKind.TARGET_L2, SparsityScope.EXAMPLE, 0.5, 0.25)),
              new HiddenLayer(
                  3,
                  Activation.LINEAR,
                  new Sparsity(SparsityKind.L1, SparsityScope.EXAMPLE, 0.125, 0.25))),
          Activation.LINEAR,
          true,
          0.0625);

  /**
   *
   *
   * <pre>
   * W_1 = [1 2; 0 -1], b_1 = (0.5, 0);  W_2 = [1 0; 0 1; 1 1], b_2 = (0, 0, -1)
   * decoder.1.bias = (1, 2), decoder.0.bias = (0.25, -0.25) at the input's side
   * </pre>
   */
  private static final float[] PARAMETERS = {
    1, 2, 0, -1, 0.5f, 0, 1, 0, 0, 1, 1, 1, 0, 0, -1, 1, 2, 0.25f, -0.25f
  };

  /** Writes the model that the fixture holds; the directory must not exist. */
  static void write(String directory) throws IOException {
    new SparseAutoencoderModel("sparseAutoencoder_v1", SPEC, PARAMETERS)
        .setInputCol(TestFrames.FEATURES)
        .setOutputCol("code")
        .setReconstructionCol("reconstruction")
        .setActivationThreshold(0.75)
        .save(directory);
  }

  private static SparseAutoencoderModel load() throws Exception {
    Path fixture = Path.of(FormatVersion1Test.class.getResource("/fixtures/model-v1").toURI());
    return SparseAutoencoderModel.load(fixture.toString());
  }

  @Test
  void loadsWithParamsAndSpec() throws Exception {
    SparseAutoencoderModel model = load();
    assertEquals("sparseAutoencoder_v1", model.uid());
    assertEquals(SPEC, model.spec());
    assertEquals("code", model.getOutputCol());
    assertEquals(0.75, model.getActivationThreshold());
    assertEquals("float32", model.getPrecision());
    assertEquals(52 + 3, Fixtures.values(model).size());
    assertThrows(IllegalStateException.class, model::summary);
  }

  /**
   * x = (1, 1): h_1 = (3.5, -1), h_2 = (3.5, -1, 1.5); back: W_2' h_2 + (1, 2) = (5 + 1, 0.5 + 2) =
   * (6, 2.5), x_hat = W_1' (6, 2.5) + (0.25, -0.25) = (6.25, 9.25).
   *
   * <p>x = (-0.5, 0.25): h_1 = (0.5, -0.25), h_2 = (0.5, -0.25, -0.75); back: (-0.25 + 1, -1 + 2) =
   * (0.75, 1), x_hat = (0.75 + 0.25, 1.5 - 1 - 0.25) = (1, 0.25).
   */
  @Test
  void givesTheRecordedCodes() throws Exception {
    float[][] rows = {{1, 1}, {-0.5f, 0.25f}};
    List<Row> encoded = load().transform(TestFrames.frame(rows, 1)).collectAsList();
    assertEquals(
        Vectors.sparse(3, new int[] {0, 1, 2}, new double[] {3.5, -1, 1.5}),
        encoded.get(0).getAs("code"));
    assertEquals(Vectors.dense(6.25, 9.25), encoded.get(0).getAs("reconstruction"));
    assertEquals(
        Vectors.sparse(3, new int[] {2}, new double[] {-0.75}), encoded.get(1).getAs("code"));
    assertEquals(Vectors.dense(1, 0.25), encoded.get(1).getAs("reconstruction"));
  }
}

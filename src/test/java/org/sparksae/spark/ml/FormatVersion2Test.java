package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
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
import org.sparksae.core.model.TopK;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/**
 * A k-sparse model, of format version 2, as it was once written, which every later release must
 * read.
 *
 * <p>{@link #write} made {@code src/test/resources/fixtures/model-v2}; Hadoop's {@code .crc} files
 * were left out. It is not to be made again: a new format version gets a fixture of its own.
 */
@ExtendWith(LocalSpark.class)
class FormatVersion2Test {
  private static final AutoencoderSpec SPEC =
      new AutoencoderSpec(
          2,
          List.of(
              new HiddenLayer(
                  2,
                  Activation.LINEAR,
                  new Sparsity(SparsityKind.L1, SparsityScope.UNIT, 0.125, 0.25)),
              new HiddenLayer(4, Activation.LINEAR, Sparsity.NONE, new TopK(2, TopK.By.VALUE))),
          Activation.LINEAR,
          false,
          0.0625);

  /**
   *
   *
   * <pre>
   * W_1 = [1 2; 0 -1], b_1 = (0.5, 0);  W_2 = [1 0; 0 1; 1 1; -1 0], b_2 = (0, 0, -1, 0)
   * decoder.1: the units write (1, 0), (0, 2), (0.5, 0.5), (-1, 1), and the bias is (1, 2)
   * decoder.0: [1 -1; 0 2], bias (0.25, -0.25)
   * </pre>
   */
  private static final float[] PARAMETERS = {
    1,
    2,
    0,
    -1,
    0.5f,
    0,
    1,
    0,
    0,
    1,
    1,
    1,
    -1,
    0,
    0,
    0,
    -1,
    0, // the encoder
    1,
    0,
    0,
    2,
    0.5f,
    0.5f,
    -1,
    1,
    1,
    2,
    1,
    -1,
    0,
    2,
    0.25f,
    -0.25f // the decoder
  };

  private static final float[][] ROWS = {{1, 1}, {-0.5f, 0.25f}};

  /** Writes the model that the fixture holds; the directory must not exist. */
  static void write(String directory) throws IOException {
    SparseAutoencoderModel model =
        new SparseAutoencoderModel("sparseAutoencoder_v2", SPEC, PARAMETERS)
            .setInputCol(TestFrames.FEATURES)
            .setOutputCol("code")
            .setReconstructionCol("reconstruction")
            .setEncodeK(3);
    model.set("k", 2);
    model.set("kStart", 4);
    model.set("topKBy", "value");
    model.save(directory);
  }

  private static SparseAutoencoderModel load() throws Exception {
    Path fixture = Path.of(FormatVersion2Test.class.getResource("/fixtures/model-v2").toURI());
    return SparseAutoencoderModel.load(fixture.toString());
  }

  @Test
  void loadsWithParamsAndSpec() throws Exception {
    SparseAutoencoderModel model = load();
    assertEquals("sparseAutoencoder_v2", model.uid());
    assertEquals(SPEC, model.spec());
    assertEquals("code", model.getOutputCol());
    assertEquals(2, model.getK());
    assertEquals(4, model.getKStart());
    assertEquals(3, model.getEncodeK());
    assertEquals("value", model.getTopKBy());
    assertThrows(IllegalStateException.class, model::summary);
  }

  /**
   * x = (1, 1): h_1 = (3.5, -1), z = (3.5, -1, 1.5, -3.5); back: 3.5 (1, 0) + 1.5 (0.5, 0.5) + (1,
   * 2) = (5.25, 2.75), x_hat = (5.25 - 2.75 + 0.25, 5.5 - 0.25) = (2.75, 5.25).
   *
   * <p>x = (-0.5, 0.25): h_1 = (0.5, -0.25), z = (0.5, -0.25, -0.75, -0.5); back: (0.5, 0) + (0,
   * -0.5) + (1, 2) = (1.5, 1.5), x_hat = (0.25, 3 - 0.25) = (0.25, 2.75).
   */
  @Test
  void givesTheRecordedCodes() throws Exception {
    SparseAutoencoderModel model = load();
    model.clear(model.encodeK());
    assertEncoded(
        model,
        List.of(
            Vectors.sparse(4, new int[] {0, 2}, new double[] {3.5, 1.5}),
            Vectors.sparse(4, new int[] {0, 1}, new double[] {0.5, -0.25})),
        List.of(Vectors.dense(2.75, 5.25), Vectors.dense(0.25, 2.75)));
  }

  /**
   * A third unit: (5.25, 2.75) - (0, 2) = (5.25, 0.75), x_hat = (4.75, 1.25); and (1.5, 1.5) - 0.5
   * (-1, 1) = (2, 1), x_hat = (1.25, 1.75).
   */
  @Test
  void givesTheRecordedCodesOfItsEncodeK() throws Exception {
    assertEncoded(
        load(),
        List.of(
            Vectors.sparse(4, new int[] {0, 1, 2}, new double[] {3.5, -1, 1.5}),
            Vectors.sparse(4, new int[] {0, 1, 3}, new double[] {0.5, -0.25, -0.5})),
        List.of(Vectors.dense(4.75, 1.25), Vectors.dense(1.25, 1.75)));
  }

  private static void assertEncoded(
      SparseAutoencoderModel model, List<Vector> codes, List<Vector> reconstructions) {
    List<Row> encoded = model.transform(TestFrames.frame(ROWS, 1)).collectAsList();
    for (int i = 0; i < ROWS.length; i++) {
      assertEquals(codes.get(i), encoded.get(i).getAs("code"));
      assertEquals(reconstructions.get(i), encoded.get(i).getAs("reconstruction"));
    }
  }
}

package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.Convolution;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.ImageShape;
import org.sparksae.core.model.Padding;
import org.sparksae.core.model.Sparsity;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/**
 * A convolutional model, tied and pooled, of format version 4, as it was once written, which every
 * later release must read.
 *
 * <p>{@link #write} made {@code src/test/resources/fixtures/model-v4-convolution}; Hadoop's {@code
 * .crc} files were left out. It is not to be made again: a new format version gets a fixture of its
 * own.
 */
@ExtendWith(LocalSpark.class)
class ConvolutionFormatTest {
  private static final AutoencoderSpec SPEC =
      new AutoencoderSpec(
          9,
          List.of(
              new HiddenLayer(
                  new Convolution(new ImageShape(1, 3, 3), 2, 2, 1, Padding.VALID, true),
                  Activation.RELU,
                  Sparsity.NONE,
                  null,
                  null)),
          Activation.LINEAR,
          true,
          0.0625);

  /**
   *
   *
   * <pre>
   * W_1 = [1 0; 0 0], W_2 = [0 0; 0 1], b = (0, -8), c = 0.25: top left and bottom right of a window
   * </pre>
   */
  private static final float[] PARAMETERS = {1, 0, 0, 0, 0, 0, 0, 1, 0, -8, 0.25f};

  /** Writes the model that the fixture holds; the directory must not exist. */
  static void write(String directory) throws IOException {
    ConvolutionalSparseAutoencoderModel model =
        new ConvolutionalSparseAutoencoderModel(
            "convolutionalSparseAutoencoder_v4", SPEC, PARAMETERS);
    model.setShape(SPEC);
    model.set("tiedWeights", true);
    model
        .setInputCol(TestFrames.FEATURES)
        .setOutputCol("code")
        .setReconstructionCol("reconstruction")
        .setPooling("average")
        .setPoolSize(2)
        .setPoolStride(1)
        .save(directory);
  }

  private static String fixture() throws Exception {
    return Path.of(
            ConvolutionFormatTest.class.getResource("/fixtures/model-v4-convolution").toURI())
        .toString();
  }

  /**
   * Of x = [1 2 3; 4 5 6; 7 8 9] the maps are [1 2; 4 5] and ReLU of [5 6; 8 9] - 8, so [0 0; 0 1]:
   * 3 and 1/4 on average. Their largest values, 5 and 1, stand at the last window, and so add to
   * the pixels in the middle and at its bottom right.
   */
  @Test
  void loadsWithParamsAndSpecAndGivesTheRecordedCodes() throws Exception {
    ConvolutionalSparseAutoencoderModel model = ConvolutionalSparseAutoencoderModel.load(fixture());
    assertEquals("convolutionalSparseAutoencoder_v4", model.uid());
    assertEquals(SPEC, model.spec());
    assertArrayEquals(PARAMETERS, model.parameters());
    assertArrayEquals(new int[] {1, 3, 3}, model.getImageShape());
    assertArrayEquals(new int[] {2}, model.getFilters());
    assertArrayEquals(new int[] {2}, model.getKernelSizes());
    assertArrayEquals(new int[] {1}, model.getStrides());
    assertEquals("valid", model.getPadding());
    assertTrue(model.getSpatialSparsity());
    assertTrue(model.getTiedWeights());
    assertArrayEquals(new int[] {2, 1, 1}, model.outputShape());
    float[][] rows = {{1, 2, 3, 4, 5, 6, 7, 8, 9}};
    Row encoded = model.transform(TestFrames.frame(rows, 1)).first();
    assertEquals(Vectors.dense(3, 0.25).toSparse(), encoded.getAs("code"));
    double[] image = new double[9];
    Arrays.fill(image, 0.25);
    image[4] = 5.25;
    image[8] = 1.25;
    assertEquals(Vectors.dense(image), encoded.getAs("reconstruction"));
  }

  @Test
  void isNoModelOfFullyConnectedLayers() throws Exception {
    String path = fixture();
    String problem =
        assertThrows(IllegalArgumentException.class, () -> SparseAutoencoderModel.load(path))
            .getMessage();
    assertTrue(problem.contains("ConvolutionalSparseAutoencoderModel"), problem);
  }
}

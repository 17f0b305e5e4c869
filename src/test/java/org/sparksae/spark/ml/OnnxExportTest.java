package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.nn.ConvolutionCases;
import org.sparksae.core.nn.KSparseCases;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/** What the Params of a model say of its ONNX file, as ONNX Runtime computes it. */
@ExtendWith(LocalSpark.class)
class OnnxExportTest {
  private static final int ROWS = 40;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"max", "average"})
  void poolsAsTransformDoes(String kind) throws Exception {
    AutoencoderSpec spec =
        ConvolutionCases.few()
            .map(one -> one.spec().trained())
            .filter(one -> one.code().convolution().output().height() >= 2)
            .filter(one -> one.code().convolution().output().width() >= 2)
            .findFirst()
            .orElseThrow();
    ConvolutionalSparseAutoencoderModel model = (ConvolutionalSparseAutoencoderModel) model(spec);
    assertComputes(model.setPooling(kind).setPoolSize(2).setPoolStride(1));
  }

  @Test
  void writesTheLayerTheThresholdAndTheKOfTheParams() throws Exception {
    AutoencoderSpec deep =
        Cases.grid(5, 4, 3)
            .map(Cases.Case::spec)
            .filter(spec -> spec.depth() == 2)
            .findFirst()
            .orElseThrow();
    assertComputes(model(deep).setOutputLayer(1).setActivationThreshold(0.6));
    AutoencoderSpec sparse = KSparseCases.few(5, 8, 3).findFirst().orElseThrow().spec();
    assertComputes(model(sparse).setEncodeK(5));
  }

  @Test
  void equalModelsGiveEqualFilesThatSayWhoWroteThem() throws Exception {
    AutoencoderModel<?> model =
        model(Cases.grid(5, 4).findFirst().orElseThrow().spec()).setPreparation("halved");
    byte[] first = Files.readAllBytes(export(model));
    assertArrayEquals(first, Files.readAllBytes(export(model)));
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(first)) {
      assertEquals(
          Map.of("preparation", "halved", "written_by", "spark-sparse-autoencoder"),
          session.getMetadata().getCustomMetadata());
      assertEquals("spark-sparse-autoencoder", session.getMetadata().getProducerName());
    }
  }

  @Test
  void isOnlyWritten() {
    String refused =
        assertThrows(
                IllegalArgumentException.class, () -> ModelFormats.read(folder.toString(), "onnx"))
            .getMessage();
    assertTrue(refused.startsWith("format onnx is only written"), refused);
  }

  private static AutoencoderModel<?> model(AutoencoderSpec spec) {
    float[] parameters = values(spec.layout().size(), 4);
    AutoencoderModel<?> model =
        spec.isConvolutional()
            ? new ConvolutionalSparseAutoencoderModel("own", spec, parameters)
            : new SparseAutoencoderModel("own", spec, parameters);
    return model
        .setInputCol(TestFrames.FEATURES)
        .setOutputCol("code")
        .setReconstructionCol("reconstruction");
  }

  private static float[] values(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-1.5, 1.5);
    }
    return values;
  }

  private Path export(AutoencoderModel<?> model) throws Exception {
    Path to = Files.createTempDirectory(folder, "onnx").resolve("model");
    ModelFormats.write(model, "onnx", to.toString());
    return to.resolve("model.onnx");
  }

  private void assertComputes(AutoencoderModel<?> model) throws Exception {
    float[][] rows = new float[ROWS][];
    for (int i = 0; i < ROWS; i++) {
      rows[i] = values(model.numFeatures(), 100 + i);
    }
    List<Row> expected = model.transform(TestFrames.frame(rows, 1)).collectAsList();
    try (OrtSession session =
            OrtEnvironment.getEnvironment().createSession(export(model).toString());
        OnnxTensor features = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), rows);
        OrtSession.Result result = session.run(Map.of("features", features))) {
      assertClose(expected, "code", result);
      assertClose(expected, "reconstruction", result);
    }
  }

  private static void assertClose(List<Row> expected, String column, OrtSession.Result result)
      throws OrtException {
    float[][] actual = (float[][]) result.get(column).orElseThrow().getValue();
    assertEquals(ROWS, actual.length);
    for (int i = 0; i < ROWS; i++) {
      double[] row = expected.get(i).<Vector>getAs(column).toArray();
      assertArrayEquals(row, TestFrames.doubles(actual[i]), 1e-5 * largest(row), column);
    }
  }

  private static double largest(double[] row) {
    double largest = 1;
    for (double value : row) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}

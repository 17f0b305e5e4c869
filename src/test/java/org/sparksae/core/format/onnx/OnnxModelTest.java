package org.sparksae.core.format.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.nn.Autoencoder;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.nn.ConvolutionCases;
import org.sparksae.core.nn.GateCases;
import org.sparksae.core.nn.KSparseCases;
import org.sparksae.core.nn.LatentCases;
import org.sparksae.core.nn.LifetimeCases;
import org.sparksae.core.nn.PreBiasCases;
import org.sparksae.core.nn.TargetCases;

/** Files as ONNX Runtime computes them, beside this library's own encoder and decoder. */
class OnnxModelTest {
  private static final int ROWS = 40;

  /** One of every way to encode and decode; what matters in training only is left out. */
  static Stream<AutoencoderSpec> models() {
    Map<String, AutoencoderSpec> models = new TreeMap<>();
    Stream.of(
            Cases.grid(5, 4, 3),
            KSparseCases.few(5, 8, 3),
            LifetimeCases.grid(5, 6),
            LatentCases.few(5, 8),
            GateCases.few(5, 8),
            PreBiasCases.few(5, 8, 3),
            TargetCases.classic(5, 8, 3, 4),
            ConvolutionCases.few())
        .flatMap(cases -> cases)
        .map(one -> one.spec().trained())
        .forEach(spec -> models.putIfAbsent(key(spec), spec));
    return models.values().stream();
  }

  private static String key(AutoencoderSpec spec) {
    return spec.hiddenLayers().stream()
            .map(
                layer ->
                    layer.size()
                        + " "
                        + layer.activation()
                        + " "
                        + layer.form()
                        + " "
                        + layer.convolution())
            .toList()
        + " "
        + spec.outputActivation()
        + " "
        + spec.tiedWeights()
        + " "
        + spec.preBias()
        + " "
        + spec.target();
  }

  @ParameterizedTest
  @MethodSource("models")
  void computesWhatTheModelComputes(AutoencoderSpec spec) throws Exception {
    float[] parameters = values(spec.layout().size(), 4);
    float[][] rows = new float[ROWS][];
    float[] flat = new float[ROWS * spec.inputSize()];
    for (int i = 0; i < ROWS; i++) {
      rows[i] = values(spec.inputSize(), 100 + i);
      System.arraycopy(rows[i], 0, flat, i * spec.inputSize(), spec.inputSize());
    }
    DenseRows x = DenseRows.of(flat, ROWS, spec.inputSize());
    Rows code = new Autoencoder(spec.encoding(), ROWS).encode(parameters, x).code();
    Rows reconstruction = new Autoencoder(spec, ROWS).encode(parameters, x).reconstruct();

    OnnxModel.Output output = new OnnxModel.Output(spec.depth(), 0, null);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    OnnxModel.write(file, spec, parameters, output, Map.of());
    OrtEnvironment runtime = OrtEnvironment.getEnvironment();
    try (OrtSession session = runtime.createSession(file.toByteArray());
        OnnxTensor features = OnnxTensor.createTensor(runtime, rows);
        OrtSession.Result result = session.run(Map.of("features", features))) {
      assertClose(code, result, "code");
      assertClose(reconstruction, result, "reconstruction");
    }
  }

  @Test
  void aModelOfMoreThanTwoGigabytesIsRefused() {
    AutoencoderSpec wide =
        new AutoencoderSpec(
            4096,
            List.of(new HiddenLayer(1 << 17, Activation.RELU, Sparsity.NONE)),
            Activation.LINEAR,
            false,
            0);
    String refused =
        assertThrows(IllegalArgumentException.class, () -> OnnxModel.require(wide)).getMessage();
    assertEquals(
        "format onnx: a file is shorter than 2 GiB, so a model has at most 532676608 parameters, and"
            + " this one has 1073876992; write it as saelens",
        refused);
  }

  private static float[] values(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-1.5, 1.5);
    }
    return values;
  }

  private static void assertClose(Rows expected, OrtSession.Result result, String name)
      throws OrtException {
    float[][] actual = (float[][]) result.get(name).orElseThrow().getValue();
    assertEquals(expected.rows(), actual.length);
    for (int i = 0; i < actual.length; i++) {
      float[] row = row(expected, i);
      float largest = 1;
      for (float value : row) {
        largest = Math.max(largest, Math.abs(value));
      }
      assertArrayEquals(row, actual[i], 1e-5f * largest, name);
    }
  }

  private static float[] row(Rows rows, int i) {
    float[] row = new float[rows.columns()];
    if (rows instanceof DenseRows dense) {
      System.arraycopy(dense.values(), dense.rowOffset(i), row, 0, row.length);
    } else {
      ((SparseRows) rows).copyRow(i, row, 0);
    }
    return row;
  }
}

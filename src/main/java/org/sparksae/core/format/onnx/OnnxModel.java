package org.sparksae.core.format.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.TreeMap;
import org.sparksae.core.Text;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.Pooling;

/**
 * An autoencoder as an ONNX file.
 *
 * <pre>
 * features [rows, d] -> code [rows, units],  reconstruction [rows, d or values of a target]
 * </pre>
 *
 * <p>Both are float32, and what {@code transform} computes: the code dense, with zeros, and after
 * pooling. The graph has operators of the set 17 of the default domain, so ONNX 1.12 and later read
 * it.
 *
 * <p>Source: <a href="https://onnx.ai/onnx/operators/">the operators of ONNX</a>.
 */
public final class OnnxModel {
  private static final int OPERATORS = 17;

  /** The version of the file's layout that came with these operators. */
  private static final int IR_VERSION = 8;

  /** A message of protobuf is shorter than 2 GiB. What is beside the parameters is small. */
  private static final long MOST_PARAMETERS = ((1L << 31) - (1 << 24)) / Float.BYTES;

  private OnnxModel() {}

  /**
   * The code that is an output.
   *
   * @param layer the hidden layer, from 1
   * @param threshold activations of smaller magnitude are 0 in the code
   * @param pooling pooling of its maps, or null
   */
  public record Output(int layer, double threshold, Pooling pooling) {}

  /**
   * Checks that a file can hold a model.
   *
   * @throws IllegalArgumentException if it has too many parameters
   */
  public static void require(AutoencoderSpec spec) {
    int parameters = spec.layout().size();
    if (parameters > MOST_PARAMETERS) {
      throw new IllegalArgumentException(
          Text.format(
              "format onnx: a file is shorter than 2 GiB, so a model has at most %d parameters, and this"
                  + " one has %d; write it as saelens",
              MOST_PARAMETERS, parameters));
    }
  }

  /**
   * Writes a file; equal input gives equal bytes. The stream is not closed.
   *
   * @param spec the model as it reconstructs
   * @param parameters flat, as the spec's layout has them
   * @param about strings for the file's metadata
   */
  public static void write(
      OutputStream out,
      AutoencoderSpec spec,
      float[] parameters,
      Output output,
      Map<String, String> about)
      throws IOException {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("spark-sparse-autoencoder")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATORS))
            .setGraph(new AutoencoderGraph(spec, parameters).of(output));
    for (Map.Entry<String, String> entry : new TreeMap<>(about).entrySet()) {
      model.addMetadataProps(
          StringStringEntryProto.newBuilder().setKey(entry.getKey()).setValue(entry.getValue()));
    }
    model.build().writeTo(out);
  }
}

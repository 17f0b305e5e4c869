package org.sparksae.core.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.sparksae.core.Text;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.ParameterLayout;
import org.sparksae.core.model.SparsityKind;

/**
 * Reads and writes a trained autoencoder as one safetensors file.
 *
 * <p>{@link AutoencoderSpec#layout()} gives the names and shapes of the tensors. {@code
 * __metadata__} holds {@code format}, {@code formatVersion}, {@code spec} (JSON) and the
 * provenance: strings that say how the model was made.
 *
 * <p>Version 1 has dense codes. Version 2 adds {@code k} and {@code topKBy} to a layer. It is
 * written for k-sparse models only, which an older release would mistake for dense models. Version
 * 3 adds the output activations tanh and relu, and version 4 adds {@code lifetimeSparsity} and
 * {@code convolution} to a layer. Version 5 adds {@code preBias}, {@code target}, the penalty
 * decoderL1, {@code jumpRelu} to a layer, with its thresholds, and {@code gated}, with what its
 * gates have. Each is written only for models that use them. {@code auxK}, {@code
 * matryoshkaWidths}, {@code multiTopK} and what belongs to them need no version, since a model
 * encodes alike without them.
 */
public final class ModelFile {
  private static final String FORMAT = "spark-sparse-autoencoder";

  /** The newest version that this release reads. */
  static final int VERSION = 5;

  private ModelFile() {}

  /**
   * The content of a file.
   *
   * @param spec the model
   * @param parameters the flat parameter vector
   * @param provenance how the model was made
   */
  public record Saved(AutoencoderSpec spec, float[] parameters, Map<String, String> provenance) {}

  /** Writes a model; equal input gives equal bytes. The stream is not closed. */
  public static void write(
      OutputStream out, AutoencoderSpec spec, float[] parameters, Map<String, String> provenance)
      throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", FORMAT);
    metadata.put("formatVersion", Integer.toString(versionOf(spec)));
    metadata.put("spec", SpecJson.write(spec));
    metadata.putAll(provenance);
    List<Tensor> tensors = new ArrayList<>();
    for (ParameterLayout.Tensor view : spec.layout().tensors()) {
      tensors.add(new Tensor(view.name(), view.shape(), parameters, view.offset()));
    }
    Safetensors.write(out, tensors, metadata);
  }

  /**
   * Returns the oldest version that can hold a model, so that older releases can read it if
   * possible.
   */
  private static int versionOf(AutoencoderSpec spec) {
    int output = hasNewOutput(spec) ? 3 : 1;
    int layers = spec.isConvolutional() ? 4 : 1;
    int frame = spec.preBias() || spec.target() != null || hasDecoderL1(spec) ? 5 : 1;
    return IntStream.of(spec.code().form().formatVersion(), output, layers, frame).max().getAsInt();
  }

  private static boolean hasDecoderL1(AutoencoderSpec spec) {
    return spec.hiddenLayers().stream()
        .anyMatch(layer -> layer.sparsity().kind() == SparsityKind.DECODER_L1);
  }

  private static boolean hasNewOutput(AutoencoderSpec spec) {
    return spec.outputActivation() != Activation.LINEAR
        && spec.outputActivation() != Activation.SIGMOID;
  }

  /**
   * Reads a model.
   *
   * @param in positioned at the first byte; not closed
   * @param length length of the file in bytes
   * @throws CorruptModelException if the file is not a model file, is damaged, has a tensor with
   *     NaN or an infinity, or comes from a newer release
   */
  public static Saved read(InputStream in, long length) throws IOException {
    Safetensors.Contents contents = Safetensors.read(in, length);
    Map<String, String> metadata = new LinkedHashMap<>(contents.metadata());
    int version = version(metadata.remove("format"), metadata.remove("formatVersion"));
    String spec = metadata.remove("spec");
    if (spec == null) {
      throw new CorruptModelException("the file has no 'spec' in its metadata");
    }
    AutoencoderSpec parsed = SpecJson.read(spec);
    if (version < 3 && hasNewOutput(parsed)) {
      throw new CorruptModelException(
          Text.format(
              "formatVersion %d has the outputActivation linear or sigmoid, but the spec has %s",
              version, parsed.outputActivation().paramName()));
    }
    if (version < 4 && parsed.isConvolutional()) {
      throw new CorruptModelException(
          Text.format("formatVersion %d has no convolution, but the spec has one", version));
    }
    if (version < 5 && parsed.preBias()) {
      throw new CorruptModelException(
          Text.format("formatVersion %d has no preBias, but the spec has one", version));
    }
    if (version < 5 && parsed.target() != null) {
      throw new CorruptModelException(
          Text.format("formatVersion %d has no target, but the spec has one", version));
    }
    CodeForm form = parsed.code().form();
    if (version < form.formatVersion()) {
      throw new CorruptModelException(
          Text.format(
              "formatVersion %d has no %s, but the spec has %s",
              version, form.paramName(), form.fields()));
    }
    if (!contents.doubles().isEmpty()) {
      throw new CorruptModelException(
          Text.format(
              "a model's tensors must be F32, but %s are F64", contents.doubles().keySet()));
    }
    return new Saved(parsed, parameters(parsed, contents.tensors()), metadata);
  }

  private static int version(String format, String version) throws CorruptModelException {
    if (!FORMAT.equals(format)) {
      throw new CorruptModelException(
          Text.format(
              "format must be '%s', got '%s'; this is another program's file", FORMAT, format));
    }
    int number;
    try {
      number = Integer.parseInt(String.valueOf(version));
    } catch (NumberFormatException e) {
      throw new CorruptModelException("formatVersion must be a number, got " + version, e);
    }
    if (number < 1) {
      throw new CorruptModelException("formatVersion must be 1 or more, got " + number);
    }
    if (number > VERSION) {
      throw new CorruptModelException(
          Text.format(
              "formatVersion must be at most %d, got %d; load the model with a newer release",
              VERSION, number));
    }
    return number;
  }

  private static float[] parameters(AutoencoderSpec spec, Map<String, Tensor> tensors)
      throws CorruptModelException {
    ParameterLayout layout = spec.layout();
    if (tensors.size() != layout.tensors().size()) {
      throw new CorruptModelException(
          Text.format(
              "the model has %d tensors, but the file has %s",
              layout.tensors().size(), tensors.keySet()));
    }
    float[] parameters = new float[layout.size()];
    for (ParameterLayout.Tensor view : layout.tensors()) {
      Tensor tensor = tensors.get(view.name());
      if (tensor == null || !Arrays.equals(tensor.shape(), view.shape())) {
        throw new CorruptModelException(
            Text.format(
                "tensor '%s' must have shape %s, got %s",
                view.name(),
                Arrays.toString(view.shape()),
                tensor == null ? "no such tensor" : Arrays.toString(tensor.shape())));
      }
      tensor.requireFinite();
      System.arraycopy(tensor.values(), tensor.offset(), parameters, view.offset(), view.size());
    }
    return parameters;
  }
}

package org.sparksae.core.format.foreign;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.sparksae.core.Text;
import org.sparksae.core.format.Safetensors;
import org.sparksae.core.format.Tensor;
import org.sparksae.core.format.foreign.Latents.Kind;

/**
 * Folders of EleutherAI's sparsify: models that keep the k largest latents.
 *
 * <pre>
 * encoder.weight [n, d], encoder.bias [n], W_dec [n, d], b_dec [d];   W_skip [d, d] with skip_connection
 * </pre>
 *
 * <p>b_dec is subtracted from the input of the encoder, but not if {@code transcode} is set, and
 * never from that of the skip connection.
 *
 * <p>Source: <a href="https://github.com/EleutherAI/sparsify">sparsify</a> 1.3.3, {@code
 * sparse_coder.py} and {@code config.py}.
 */
final class Sparsify {
  static final String CONFIG = "cfg.json";
  static final String WEIGHTS = "sae.safetensors";

  private static final String TRANSCODE = "transcode";
  private static final String SKIP = "skip_connection";

  private static final Set<String> KEYS =
      Set.of(
          "activation",
          "expansion_factor",
          "normalize_decoder",
          "num_latents",
          "k",
          "multi_topk",
          SKIP,
          TRANSCODE,
          "signed",
          "d_in");

  private Sparsify() {}

  static Latents read(Folder folder, LongConsumer allow) throws IOException {
    Config config = Config.read(folder, CONFIG);
    config.allow(KEYS);
    config.oneOf("activation", "topk", List.of("topk"));
    config.refuse("signed", "codes may be negative, which this library does not import");
    int d = config.size("d_in");
    int n = latents(config, d);
    boolean predicts = config.flag(TRANSCODE, false);
    boolean skips = config.flag(SKIP, false);
    Tensors tensors = Tensors.read(folder, WEIGHTS, allow);
    float[] decoderBias = tensors.vector("b_dec", d);
    Latents coder =
        new Latents(
            Kind.TOP_K,
            config.size("k"),
            tensors.matrix("encoder.weight", n, d),
            tensors.vector("encoder.bias", n),
            tensors.matrix("W_dec", n, d),
            decoderBias,
            predicts ? null : decoderBias,
            null,
            null,
            null,
            predicts,
            null);
    Matrix skip = skips ? tensors.matrix("W_skip", d, d) : null;
    tensors.requireNoOthers();
    return skips ? withSkip(coder.withPreBias(null), skip) : coder;
  }

  private static int latents(Config config, int d) throws IOException {
    if (config.has("num_latents") && !config.isZero("num_latents")) {
      return config.size("num_latents");
    }
    // Another number of latents than the tensors have, such as that of an overflow, is refused.
    return d * config.size("expansion_factor");
  }

  /** A skip connection makes a model one that predicts, as it would copy its input. */
  private static Latents withSkip(Latents coder, Matrix skip) {
    return new Latents(
        coder.kind(),
        coder.k(),
        coder.encoder(),
        coder.bias(),
        coder.decoder(),
        coder.decoderBias(),
        null,
        null,
        null,
        null,
        true,
        skip);
  }

  static void write(Latents model, FileMaker files) throws IOException {
    require(
        model.kind() == Kind.TOP_K,
        "%s: sparsify has models with k and activation = relu only; write it as saelens",
        model.kind().params());
    require(
        model.inputs() == model.outputs(),
        "targetCol has %d values, and inputCol %d: sparsify has transcoders of one size only",
        model.outputs(),
        model.inputs());
    Latents latents = model.withPreBias(model.predicts() ? null : model.decoderBias());
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("activation", "topk");
    config.put("expansion_factor", Math.max(1, latents.size() / latents.inputs()));
    config.put("normalize_decoder", false);
    config.put("num_latents", latents.size());
    config.put("k", latents.k());
    config.put("multi_topk", false);
    config.put(SKIP, latents.skip() != null);
    config.put(TRANSCODE, latents.predicts());
    config.put("d_in", latents.inputs());

    List<Tensor> tensors = new ArrayList<>();
    tensors.add(latents.decoder().named("W_dec"));
    if (latents.skip() != null) {
      tensors.add(latents.skip().named("W_skip"));
    }
    tensors.add(Tensor.of("b_dec", latents.decoderBias(), latents.outputs()));
    tensors.add(Tensor.of("encoder.bias", latents.bias(), latents.size()));
    tensors.add(latents.encoder().named("encoder.weight"));
    try (OutputStream out = files.create(WEIGHTS)) {
      Safetensors.write(out, tensors, Map.of());
    }
    Config.write(files, CONFIG, config);
  }

  private static void require(boolean rule, String message, Object... args) {
    if (!rule) {
      throw new IllegalArgumentException(Text.format(message, args));
    }
  }
}

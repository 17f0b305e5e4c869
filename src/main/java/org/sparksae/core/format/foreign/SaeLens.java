package org.sparksae.core.format.foreign;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashSet;
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
 * Folders of SAELens, of version 6 and earlier ones.
 *
 * <pre>
 * W_enc [d, n], b_enc [n], W_dec [n, d'], b_dec [d']      d' is d, or d_out of a transcoder
 * threshold [n]                                           jumprelu
 * b_gate [n], r_mag [n], b_mag [n]                        gated, in place of b_enc
 * W_skip [d', d]                                          transcoders with a skip connection
 * </pre>
 *
 * <p>BatchTopK and Matryoshka models are saved as jumprelu there, too. A model of rows that were
 * scaled (expected_average_only_in) takes the rows as they are: SAELens does not scale them either
 * when it has loaded such a model.
 *
 * <p>Source: <a href="https://github.com/decoderesearch/SAELens">SAELens</a> 6.54, {@code
 * sae_lens/saes} and {@code sae_lens/loading/pretrained_sae_loaders.py}.
 */
final class SaeLens {
  static final String CONFIG = "cfg.json";
  static final String WEIGHTS = "sae_weights.safetensors";
  private static final String SPARSITY = "sparsity.safetensors";

  /** SAELens's own, so that units that are never active have a logarithm. */
  private static final double NEVER = 1e-10;

  /** The first version whose cfg.json has nothing but what the model computes, and metadata. */
  private static final int VERSION = 6;

  /** The version that files are written for. */
  private static final String WRITTEN_VERSION = "6.0.0";

  private static final String ARCHITECTURE = "architecture";
  private static final String RESCALE = "rescale_acts_by_decoder_norm";

  /** Where versions before 6 have k. */
  private static final String KWARGS = "activation_fn_kwargs";

  /** What a model of rows, and a transcoder, is called; transcoders have few kinds. */
  private static final Map<String, Kind> KINDS =
      Map.of(
          "standard", Kind.RELU,
          "topk", Kind.TOP_K,
          "abstopk", Kind.ABS_TOP_K,
          "jumprelu", Kind.JUMP_RELU,
          "gated", Kind.GATED,
          "transcoder", Kind.RELU,
          "skip_transcoder", Kind.RELU,
          "jumprelu_transcoder", Kind.JUMP_RELU,
          "jumprelu_skip_transcoder", Kind.JUMP_RELU);

  private static final Set<String> KEYS =
      Set.of(
          ARCHITECTURE,
          "d_in",
          "d_sae",
          "d_out",
          "k",
          RESCALE,
          "apply_b_dec_to_input",
          "normalize_activations",
          "reshape_activations",
          "dtype",
          "device",
          "sae_lens_version",
          "metadata");

  /** How a model was trained, in folders that were saved during training. */
  private static final Set<String> KEYS_OF_TRAINING =
      Set.of(
          "decoder_init_norm",
          "l1_coefficient",
          "l1_warm_up_steps",
          "lp_norm",
          "aux_loss_coefficient",
          "use_sparse_activations",
          "jumprelu_bandwidth",
          "jumprelu_init_threshold",
          "jumprelu_sparsity_loss_mode",
          "jumprelu_ste_to_input",
          "jumprelu_tanh_scale",
          "l0_coefficient",
          "l0_warm_up_steps",
          "pre_act_loss_coefficient",
          "target_l0");

  private SaeLens() {}

  static Latents read(Folder folder, LongConsumer allow) throws IOException {
    Config config = Config.read(folder, CONFIG);
    String architecture = architecture(config);
    boolean predicts = architecture.endsWith("transcoder");
    int d = config.size("d_in");
    int n = config.size("d_sae");
    int outputs = predicts ? config.size("d_out") : d;
    boolean centred = config.flag("apply_b_dec_to_input", true) && !predicts;
    Kind kind = KINDS.get(architecture);
    Tensors tensors = Tensors.read(folder, WEIGHTS, allow);
    tensors.dropOnes("scaling_factor");
    float[] decoderBias = tensors.vector("b_dec", outputs);
    boolean gates = kind == Kind.GATED;
    Latents latents =
        new Latents(
            kind,
            kind == Kind.TOP_K || kind == Kind.ABS_TOP_K ? k(config) : 0,
            tensors.transposed("W_enc", n, d),
            tensors.vector(gates ? "b_gate" : "b_enc", n),
            tensors.matrix("W_dec", n, outputs),
            decoderBias,
            centred ? decoderBias : null,
            kind == Kind.JUMP_RELU ? tensors.vector("threshold", n) : null,
            gates ? tensors.vector("r_mag", n) : null,
            gates ? tensors.vector("b_mag", n) : null,
            predicts,
            architecture.contains("skip") ? tensors.matrix("W_skip", outputs, d) : null);
    tensors.requireNoOthers();
    return config.flag(RESCALE, false) ? latents.rescaledByDecoder() : latents;
  }

  /**
   * Returns the architecture, after everything else that changes what a model computes was checked.
   */
  private static String architecture(Config config) throws IOException {
    String architecture = isOld(config) ? oldArchitecture(config) : newArchitecture(config);
    Kind kind = KINDS.get(architecture);
    if (kind != Kind.TOP_K && kind != Kind.ABS_TOP_K) {
      config.refuse(RESCALE, "only topk and abstopk have it");
    }
    // Earlier versions say true for expected_average_only_in.
    if (!config.isFlag("normalize_activations")) {
      config.oneOf("normalize_activations", "none", List.of("none", "expected_average_only_in"));
    }
    // Rows of heads are rows of their values one after the other.
    config.oneOf("reshape_activations", "none", List.of("none", "hook_z"));
    return architecture;
  }

  private static String newArchitecture(Config config) throws IOException {
    Set<String> keys = new HashSet<>(KEYS);
    keys.addAll(KEYS_OF_TRAINING);
    config.allow(keys);
    return config.oneOf(ARCHITECTURE, "missing", KINDS.keySet().stream().sorted().toList());
  }

  /**
   * Before version 6 the file also described the training and the language model, in many keys, and
   * a model with activation topk was called a standard one.
   */
  private static String oldArchitecture(Config config) throws IOException {
    String key = config.has("activation_fn") ? "activation_fn" : "activation_fn_str";
    String activation = config.oneOf(key, "relu", List.of("relu", "topk"));
    config.section(KWARGS).allow(Set.of("k"));
    String architecture =
        config.oneOf(ARCHITECTURE, "standard", List.of("standard", "topk", "jumprelu", "gated"));
    return activation.equals("topk") ? activation : architecture;
  }

  private static boolean isOld(Config config) throws IOException {
    String otherwise = config.section("metadata").text("sae_lens_version", "0");
    String major = config.text("sae_lens_version", otherwise).split("\\.", 2)[0];
    return !major.matches("[0-9]{1,4}") || Integer.parseInt(major) < VERSION;
  }

  private static int k(Config config) throws IOException {
    Config kwargs = config.section(KWARGS);
    return kwargs.has("k") ? kwargs.size("k") : config.size("k");
  }

  static void write(Latents model, Map<String, String> about, FileMaker files) throws IOException {
    String architecture = architecture(model);
    // A transcoder there subtracts nothing from its input.
    Latents latents = model.predicts() ? model.withPreBias(null) : model;
    boolean gates = latents.kind() == Kind.GATED;
    Map<String, Object> config = new LinkedHashMap<>();
    config.put(ARCHITECTURE, architecture);
    config.put("d_in", latents.inputs());
    config.put("d_sae", latents.size());
    if (latents.predicts()) {
      config.put("d_out", latents.outputs());
    }
    if (latents.k() > 0) {
      config.put("k", latents.k());
      config.put(RESCALE, false);
    }
    config.put("dtype", "float32");
    config.put("device", "cpu");
    config.put("apply_b_dec_to_input", latents.preBias() != null);
    config.put("normalize_activations", "none");
    config.put("reshape_activations", "none");
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("sae_lens_version", WRITTEN_VERSION);
    metadata.putAll(about);
    config.put("metadata", metadata);

    List<Tensor> tensors = new ArrayList<>();
    tensors.add(latents.encoder().transpose().named("W_enc"));
    tensors.add(vector(gates ? "b_gate" : "b_enc", latents.bias()));
    tensors.add(latents.decoder().named("W_dec"));
    tensors.add(vector("b_dec", latents.decoderBias()));
    if (latents.threshold() != null) {
      tensors.add(vector("threshold", latents.threshold()));
    }
    if (gates) {
      tensors.add(vector("r_mag", latents.logScale()));
      tensors.add(vector("b_mag", latents.magnitudeBias()));
    }
    if (latents.skip() != null) {
      tensors.add(latents.skip().named("W_skip"));
    }
    try (OutputStream out = files.create(WEIGHTS)) {
      Safetensors.write(out, tensors, Map.of());
    }
    Config.write(files, CONFIG, config);
  }

  /**
   * Writes how often units are active, for dashboards; no model needs the file.
   *
   * <pre>
   * sparsity [n] = log10(frequency + 1e-10)
   * </pre>
   */
  static void writeSparsity(double[] firingFrequencies, FileMaker files) throws IOException {
    float[] logs = new float[firingFrequencies.length];
    for (int j = 0; j < logs.length; j++) {
      logs[j] = (float) Math.log10(firingFrequencies[j] + NEVER);
    }
    try (OutputStream out = files.create(SPARSITY)) {
      Safetensors.write(out, List.of(vector("sparsity", logs)), Map.of());
    }
  }

  private static Tensor vector(String name, float[] values) {
    return Tensor.of(name, values, values.length);
  }

  private static String architecture(Latents latents) {
    for (Map.Entry<String, Kind> known : KINDS.entrySet()) {
      String name = known.getKey();
      if (known.getValue() == latents.kind()
          && name.endsWith("transcoder") == latents.predicts()
          && name.contains("skip") == (latents.skip() != null)) {
        return name;
      }
    }
    throw new IllegalArgumentException(
        Text.format(
            "%s with targetCol: SAELens has no such transcoder, only those with %s or %s%s",
            latents.kind().params(),
            Kind.RELU.params(),
            Kind.JUMP_RELU.params(),
            latents.kind() == Kind.TOP_K ? "; write it as sparsify" : ""));
  }
}

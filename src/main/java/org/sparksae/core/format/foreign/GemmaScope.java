package org.sparksae.core.format.foreign;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.sparksae.core.format.CorruptModelException;
import org.sparksae.core.format.Tensor;
import org.sparksae.core.format.foreign.Latents.Kind;

/**
 * The models of Gemma Scope and Gemma Scope 2: JumpReLU, without a pre-bias.
 *
 * <pre>
 * W_enc [d, n], b_enc [n], threshold [n], W_dec [n, d'], b_dec [d']
 * affine_skip_connection [d, d']                  of some transcoders
 * </pre>
 *
 * <p>The archive does not say whether a model predicts other rows; sizes that differ tell it.
 *
 * <p>Source: Lieberum and others, Gemma Scope (2024), and the loaders gemma_2 and gemma_3 of
 * SAELens 6.54.
 */
final class GemmaScope {
  static final String ARCHIVE = "params.npz";
  static final String CONFIG = "config.json";
  static final String WEIGHTS = "params.safetensors";

  private static final Set<String> NAMES =
      Set.of("W_enc", "W_dec", "w_enc", "w_dec", "b_enc", "b_dec", "threshold", "scaling_factor");

  private static final String SKIP = "affine_skip_connection";

  private GemmaScope() {}

  static Latents readArchive(Folder folder, LongConsumer allow) throws IOException {
    Map<String, Tensor> arrays;
    try (InputStream in = folder.open(ARCHIVE)) {
      arrays = Npz.read(in, folder.length(ARCHIVE), NAMES, allow);
    } catch (CorruptModelException e) {
      throw new CorruptModelException(ARCHIVE + ": " + e.getMessage(), e);
    }
    String w = arrays.containsKey("W_enc") ? "W_" : "w_";
    return latents(new Tensors(ARCHIVE, arrays), w, false);
  }

  static Latents readFolder(Folder folder, LongConsumer allow) throws IOException {
    Config config = Config.read(folder, CONFIG);
    config.oneOf("architecture", "none", List.of("jump_relu"));
    String in = config.text("hf_hook_point_in", "");
    boolean predicts = !in.equals(config.text("hf_hook_point_out", in));
    Tensors tensors = Tensors.read(folder, WEIGHTS, allow);
    if (config.flag("affine_connection", false) && !tensors.has(SKIP)) {
      throw new CorruptModelException(
          CONFIG + ": affine_connection is true, but " + WEIGHTS + " has no tensor '" + SKIP + "'");
    }
    return latents(tensors, "w_", predicts);
  }

  /** Reads the tensors; {@code w} is how the names of matrices begin. */
  private static Latents latents(Tensors tensors, String w, boolean predicts) throws IOException {
    tensors.dropOnes("scaling_factor");
    int[] encoder = tensors.sizes(w + "enc");
    int d = encoder[0];
    int n = encoder[1];
    int outputs = tensors.sizes(w + "dec")[1];
    boolean skips = tensors.has(SKIP);
    Latents latents =
        new Latents(
            Kind.JUMP_RELU,
            0,
            tensors.transposed(w + "enc", n, d),
            tensors.vector("b_enc", n),
            tensors.matrix(w + "dec", n, outputs),
            tensors.vector("b_dec", outputs),
            null,
            tensors.vector("threshold", n),
            null,
            null,
            predicts || skips || outputs != d,
            skips ? tensors.transposed(SKIP, outputs, d) : null);
    tensors.requireNoOthers();
    return latents;
  }
}

package org.sparksae.core.format.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.format.CorruptModelException;
import org.sparksae.core.format.Damage;
import org.sparksae.core.format.Safetensors;
import org.sparksae.core.format.Tensor;

/** Folders of models that this library cannot compute, or that are damaged. */
class BrokenFolderTest {

  static Stream<String> fixtures() throws IOException {
    return MemoryFolder.fixtures();
  }

  // A folder, what is replaced in its JSON by what, with ' for ", and a part of the message.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "saelens-standard | 'standard' | 'matching_pursuit' | cfg.json: architecture 'matching_pursuit' cannot be imported, only abstopk, gated, jump",
        "saelens-jumprelu | 'jumprelu' | 'batchtopk' | architecture 'batchtopk' cannot be imported",
        "saelens-standard | 'normalize_activations': 'none' | 'normalize_activations': 'layer_norm' | cfg.json: normalize_activations 'layer_norm' cannot be imported, only none, expected_average_only_in can",
        "saelens-standard | 'normalize_activations': 'none' | 'normalize_activations': 'constant_norm_rescale' | 'constant_norm_rescale' cannot be imported",
        "saelens-standard | 'normalize_activations': 'none' | 'normalize_activations': 'covariance_whitening' | 'covariance_whitening' cannot be imported",
        "saelens-standard | 'reshape_activations': 'none' | 'reshape_activations': 'patches' | reshape_activations 'patches' cannot be imported",
        "saelens-standard | 'dtype' | 'noise': 1, 'dtype' | cfg.json: the key 'noise' is unknown and may change what the model computes",
        "saelens-jumprelu | 'dtype' | 'rescale_acts_by_decoder_norm': true, 'dtype' | rescale_acts_by_decoder_norm is true: only topk and abstopk have it",
        "saelens-5-topk | 'topk' | 'tanh-relu' | cfg.json: activation_fn_str 'tanh-relu' cannot be imported, only relu, topk can",
        "saelens-5-topk | {'k': 3} | {'k': 3, 'signed': true} | cfg.json: activation_fn_kwargs: the key 'signed' is unknown",
        "saelens-topk | 'k': 3 | 'k': 0 | cfg.json: k must be an integer of 1 or more, and below 2^31, got 0",
        "saelens-topk | 'k': 3 | 'k': 2.5 | got 2.5",
        "saelens-topk | 'k': 3 | 'k': 17 | k must be in [1, 16], the units",
        "saelens-topk | 'k': 3, | ~~ | k must be an integer of 1 or more, and below 2^31, got nothing",
        "saelens-topk | 'k': 3 | 'k': 3, 'k': 4 | must be JSON without duplicate keys",
        "saelens-standard | 'd_in': 6 | 'd_in': 16 | sae_weights.safetensors: tensor 'b_dec' must have shape [16], got shape [6]",
        "saelens-standard | 'd_in': 6 | 'd_in': 1000000000 | tensor 'b_dec' must have shape [1000000000]",
        "saelens-standard | 'd_in': 6 | 'd_in': '6' | d_in must be an integer of 1 or more",
        "saelens-standard | 'apply_b_dec_to_input': true | 'apply_b_dec_to_input': 'yes' | apply_b_dec_to_input must be true or false, got yes",
        "saelens-standard | 'metadata': {'sae_lens_version': '6.54.12', | 'metadata': {'sae_lens_version': 6.54, | cfg.json: metadata: sae_lens_version must be a string, got 6.54",
        "saelens-standard | 'architecture': 'standard' | 'architecture': 'topk', 'k': 2, 'metadata': 3 | without duplicate keys",
        "saelens-jumprelu | 'jumprelu' | 'standard' | sae_weights.safetensors: the tensors [threshold] are unknown to a model of this kind",
        "saelens-standard | 'standard' | 'jumprelu' | sae_weights.safetensors has no tensor 'threshold', only",
        "saelens-skip-transcoder | 'skip_transcoder' | 'transcoder' | the tensors [W_skip] are unknown",
        "sparsify-coder | 'topk' | 'groupmax' | cfg.json: activation 'groupmax' cannot be imported, only topk can",
        "sparsify-coder | 'd_in' | 'signed': true, 'd_in' | signed is true: codes may be negative",
        "sparsify-coder | 'd_in' | 'jumprelu': true, 'd_in' | the key 'jumprelu' is unknown",
        "sparsify-coder | 'num_latents': 16 | 'num_latents': 0 | tensor 'encoder.weight' must have shape [192, 6], got shape [16, 6]",
        "sparsify-coder | 'num_latents': 16, 'k' | 'num_latents': 0, 'expansion_factor': 2000000000, 'k' | without duplicate keys",
        "sparsify-skip-transcoder | 'skip_connection': true | 'skip_connection': false | the tensors [W_skip] are unknown",
        "gemma-2 | jump_relu | top_k | config.json: architecture 'top_k' cannot be imported, only jump_relu can",
        "gemma-2 | 'affine_connection': false | 'affine_connection': true | has no tensor 'affine_skip_connection'",
      })
  void folders(String name, String from, String to, String message) throws IOException {
    MemoryFolder folder = MemoryFolder.fixture(name);
    String config = folder.names().contains("cfg.json") ? "cfg.json" : "config.json";
    String text = new String(folder.files().get(config), StandardCharsets.UTF_8);
    String changed = text.replace(from.replace('\'', '"'), to == null ? "" : to.replace('\'', '"'));
    assertTrue(!changed.equals(text), text);
    folder.files().put(config, changed.getBytes(StandardCharsets.UTF_8));
    assertRefused(folder, message);
  }

  private static void assertRefused(MemoryFolder folder, String message) {
    Exception refused = assertThrows(Exception.class, folder::read);
    assertTrue(
        refused instanceof CorruptModelException || refused instanceof IllegalArgumentException,
        refused::toString);
    assertTrue(refused.getMessage().contains(message), refused.getMessage() + " no " + message);
  }

  @Test
  void descriptionsThatAreNoneAreRefused() throws IOException {
    MemoryFolder folder = MemoryFolder.fixture("sparsify-coder");
    for (String text : List.of("", "[]", "3", "null", "{", "{}{}", "{\"k\": NaN}", "\u0000")) {
      folder.files().put("cfg.json", text.getBytes(StandardCharsets.UTF_8));
      assertRefused(folder, "cfg.json must be ");
    }
    folder.files().put("cfg.json", new byte[(1 << 20) + 1]);
    assertRefused(folder, "cfg.json must have at most 1048576 bytes, got more");
    String deep = "{\"k\":" + "[".repeat(200_000);
    folder.files().put("cfg.json", deep.getBytes(StandardCharsets.UTF_8));
    assertRefused(folder, "cfg.json must be ");
  }

  @Test
  void aLongValueIsQuotedInPart() throws IOException {
    MemoryFolder folder = MemoryFolder.fixture("sparsify-coder");
    String text = "{\"activation\": \"" + "x".repeat(1000) + "\"}";
    folder.files().put("cfg.json", text.getBytes(StandardCharsets.UTF_8));
    String message = assertThrows(IllegalArgumentException.class, folder::read).getMessage();
    assertTrue(message.length() < 200, message);
  }

  /** Rewritten as another file, whose checksum is right. */
  @ParameterizedTest
  @CsvSource({
    "saelens-jumprelu, sae_weights.safetensors, threshold, NaN",
    "saelens-jumprelu, sae_weights.safetensors, W_dec, Infinity",
    "saelens-gated, sae_weights.safetensors, r_mag, -Infinity",
    "sparsify-coder, sae.safetensors, encoder.bias, NaN",
    "gemma-2, params.safetensors, w_enc, NaN"
  })
  void tensorsThatAreNotFiniteAreRefusedByName(String name, String file, String tensor, float value)
      throws IOException {
    MemoryFolder folder = MemoryFolder.fixture(name);
    List<Tensor> tensors = tensors(folder, file);
    tensors.stream().filter(t -> t.name().equals(tensor)).findFirst().orElseThrow().values()[1] =
        value;
    write(folder, file, tensors);
    assertRefused(
        folder, file + ": tensor '" + tensor + "' must have finite values only, got " + value);
  }

  private static List<Tensor> tensors(MemoryFolder folder, String file) throws IOException {
    byte[] bytes = folder.files().get(file);
    return new ArrayList<>(
        Safetensors.read(new ByteArrayInputStream(bytes), bytes.length).tensors().values());
  }

  private static void write(MemoryFolder folder, String file, List<Tensor> tensors)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Safetensors.write(out, tensors, Map.of());
    folder.files().put(file, out.toByteArray());
  }

  @Test
  void aFactorOfCodesIsDroppedIfItIsOneAndRefusedOtherwise() throws IOException {
    String file = "sae_weights.safetensors";
    MemoryFolder folder = MemoryFolder.fixture("saelens-standard");
    float[] expected = folder.read().parameters();
    float[] ones = new float[16];
    Arrays.fill(ones, 1);
    List<Tensor> tensors = tensors(folder, file);
    tensors.add(Tensor.of("scaling_factor", ones, 16));
    write(folder, file, tensors);
    assertEquals(Arrays.hashCode(expected), Arrays.hashCode(folder.read().parameters()));
    ones[3] = 2;
    write(folder, file, tensors);
    assertRefused(folder, "tensor 'scaling_factor' scales the codes (by 2.0, for one)");
  }

  @Test
  void aDecoderVectorOfLengthZeroCannotBeDividedBy() throws IOException {
    String file = "sae_weights.safetensors";
    MemoryFolder folder = MemoryFolder.fixture("saelens-topk-rescaled");
    List<Tensor> tensors = tensors(folder, file);
    Tensor decoder = tensors.stream().filter(t -> t.name().equals("W_dec")).findFirst().get();
    Arrays.fill(decoder.values(), 6 * 4, 6 * 5, 0);
    write(folder, file, tensors);
    assertRefused(folder, "the length of the decoder vector of latent 4, which is 0");
  }

  @Test
  void theMemoryIsAskedForBeforeTensorsAreRead() throws IOException {
    MemoryFolder folder = MemoryFolder.fixture("saelens-standard");
    List<Long> asked = new ArrayList<>();
    ForeignFormat.read(folder, null, asked::add);
    assertEquals(List.of(2L * 6 * 16 + 16 + 6), asked);
    IllegalArgumentException tooMuch = new IllegalArgumentException("too little memory");
    Exception refused =
        assertThrows(
            Exception.class,
            () ->
                ForeignFormat.read(
                    folder,
                    null,
                    values -> {
                      throw tooMuch;
                    }));
    assertEquals(tooMuch, refused);
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void randomDamageGivesAModelOrARefusal(String name) throws IOException {
    SplittableRandom random = new SplittableRandom(name.hashCode());
    MemoryFolder whole = MemoryFolder.fixture(name);
    List<String> files = whole.names();
    int refused = 0;
    for (int round = 0; round < 300; round++) {
      MemoryFolder folder = new MemoryFolder(new TreeMap<>(whole.files()));
      String file = files.get(round % files.size());
      folder.files().compute(file, (same, bytes) -> Damage.of(bytes, random));
      try {
        folder.read();
      } catch (CorruptModelException | IllegalArgumentException e) {
        refused++;
      }
    }
    assertTrue(refused > 100, "refused " + refused);
  }
}

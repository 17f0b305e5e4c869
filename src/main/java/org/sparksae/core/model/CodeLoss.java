package org.sparksae.core.model;

import java.io.IOException;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the objective of a code of few latents (hidden units) has beside the loss of its
 * reconstruction. It belongs to training: a model encodes alike without it.
 *
 * <p>With nested widths {@code m_1 < .. < m_G} the loss of a row is the sum of the losses of its
 * prefixes (Matryoshka). The latents are selected once, for all prefixes:
 *
 * <pre>
 * x_hat_:m = sum over j &lt; m of h_j V_j + c;   reconstruction = sum over m of 1/2 |x_hat_:m - x|^2
 * </pre>
 *
 * <p>With Multi-TopK the row is also reconstructed from its {@value #MULTIPLE} k largest latents,
 * of which the k largest are the code:
 *
 * <pre>
 * reconstruction = 1/2 |x_hat_k - x|^2 + {@value #SHARE} 1/2 |x_hat_4k - x|^2
 * </pre>
 *
 * <p>Source: Bussmann and others, Learning Multi-Level Features with Matryoshka Sparse Autoencoders
 * (2025); Gao and others, Scaling and evaluating sparse autoencoders (2024), section 5.3, for
 * Multi-TopK, with the factors of EleutherAI's sparsify.
 *
 * @param auxK the auxiliary loss of dead latents, or null
 * @param widths nested widths, rising, of which the last is the number of latents; empty for none
 * @param multiTopK whether more latents than the code has reconstruct the row, too
 */
public record CodeLoss(AuxK auxK, List<Integer> widths, boolean multiTopK) implements Serializable {

  /** How many times as many latents as the code has reconstruct the row with Multi-TopK. */
  public static final int MULTIPLE = 4;

  /** Weight of the loss of their reconstruction. */
  public static final double SHARE = 1.0 / 8;

  /** Only the loss of the reconstruction. */
  public static final CodeLoss PLAIN = new CodeLoss(null, List.of());

  private static final String MULTI = "multiTopK";

  private static final String K = "auxK";
  private static final String WEIGHT = "auxKWeight";
  private static final String DEAD = "deadAfterRows";
  private static final String WIDTHS = "matryoshkaWidths";

  /** Copies the widths. */
  public CodeLoss {
    widths = List.copyOf(widths);
  }

  /** Creates a loss without Multi-TopK. */
  public CodeLoss(AuxK auxK, List<Integer> widths) {
    this(auxK, widths, false);
  }

  static CodeLoss read(CodeFields fields) throws IOException {
    AuxK auxK =
        fields.has(K)
            ? new AuxK(fields.integer(K), fields.number(WEIGHT), (long) fields.number(DEAD))
            : null;
    return new CodeLoss(
        auxK, fields.has(WIDTHS) ? fields.integers(WIDTHS) : List.of(), fields.flag(MULTI));
  }

  /** Returns the Params that are set, by name. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (auxK != null) {
      fields.put(K, auxK.k());
      fields.put(WEIGHT, auxK.weight());
      fields.put(DEAD, auxK.deadAfterRows());
    }
    if (hasWidths()) {
      fields.put(WIDTHS, widths);
    }
    if (multiTopK) {
      fields.put(MULTI, true);
    }
    return fields;
  }

  /** Returns whether nested prefixes of the code reconstruct the row. */
  public boolean hasWidths() {
    return !widths.isEmpty();
  }

  /** Returns whether the loss is that of several codes, each of which contains the one before. */
  public boolean isNested() {
    return hasWidths() || multiTopK;
  }

  /** Returns the number of reconstructions that training holds beside that of a plain model. */
  public int furtherReconstructions() {
    return multiTopK ? 2 : widths.size();
  }

  /**
   * Returns the number of latents of a row that reconstruct it in training.
   *
   * @param k number of latents of the code
   * @param units number of all latents
   */
  public int most(int k, int units) {
    return multiTopK ? (int) Math.min((long) MULTIPLE * k, units) : k;
  }

  /** Returns the kinds of codes that have such a loss. */
  String needs() {
    return multiTopK
        ? "k, which ranks the latents of a row"
        : "k or batchTopK, which select a few latents of a row";
  }

  /** Returns the name of the first Param that is set; null if there is none. */
  String paramName() {
    if (multiTopK) {
      return MULTI;
    }
    if (auxK != null) {
      return K;
    }
    return hasWidths() ? WIDTHS : null;
  }

  /**
   * Checks that a layer can have such a loss.
   *
   * @param units number of its units
   * @param hasMaps whether its units are the maps of a convolution
   * @throws IllegalArgumentException naming the Param, its value and the rule
   */
  public void check(int units, boolean hasMaps) {
    Rule.require(
        !hasMaps || equals(PLAIN), "%s needs a fully connected layer, not maps", paramName());
    Rule.require(
        !multiTopK || !hasWidths(),
        "multiTopK and matryoshkaWidths exclude each other, as both add losses of other"
            + " reconstructions; clear one");
    for (int g = 0; g < widths.size(); g++) {
      int before = g == 0 ? 0 : widths.get(g - 1);
      Rule.require(
          widths.get(g) > before,
          "matryoshkaWidths must rise from 1 or more, got %s; sort them and leave out equal ones",
          widths);
    }
    Rule.require(
        !hasWidths() || widths.get(widths.size() - 1) == units,
        "the last of matryoshkaWidths must be %d, the units of the last of the hiddenLayers; got"
            + " %s",
        units,
        widths);
  }

  void checkModel(int depth, Activation output) {
    Rule.require(
        depth == 1 || equals(PLAIN),
        "%s needs one hidden layer, got %d; clear it, or train the last layer as a model of its own",
        paramName(),
        depth);
    Rule.require(
        output == Activation.LINEAR || equals(PLAIN),
        "%s adds up parts of the reconstruction, so it needs outputActivation = linear, got '%s'",
        paramName(),
        output.paramName());
  }
}

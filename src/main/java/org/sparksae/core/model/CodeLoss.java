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
 * <p>Source: Bussmann and others, Learning Multi-Level Features with Matryoshka Sparse Autoencoders
 * (2025).
 *
 * @param auxK the auxiliary loss of dead latents, or null
 * @param widths nested widths, rising, of which the last is the number of latents; empty for none
 */
public record CodeLoss(AuxK auxK, List<Integer> widths) implements Serializable {

  /** Only the loss of the reconstruction. */
  public static final CodeLoss PLAIN = new CodeLoss(null, List.of());

  private static final String K = "auxK";
  private static final String WEIGHT = "auxKWeight";
  private static final String DEAD = "deadAfterRows";
  private static final String WIDTHS = "matryoshkaWidths";

  /** Copies the widths. */
  public CodeLoss {
    widths = List.copyOf(widths);
  }

  static CodeLoss read(CodeFields fields) throws IOException {
    AuxK auxK =
        fields.has(K)
            ? new AuxK(fields.integer(K), fields.number(WEIGHT), (long) fields.number(DEAD))
            : null;
    return new CodeLoss(auxK, fields.has(WIDTHS) ? fields.integers(WIDTHS) : List.of());
  }

  /** Returns the Params that are set, by name. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (auxK != null) {
      fields.put(K, auxK.k());
      fields.put(WEIGHT, auxK.weight());
      fields.put(DEAD, auxK.deadAfterRows());
    }
    if (isNested()) {
      fields.put(WIDTHS, widths);
    }
    return fields;
  }

  /** Returns whether the loss is that of nested prefixes of the code. */
  public boolean isNested() {
    return !widths.isEmpty();
  }

  /** Returns the name of the first Param that is set; null if there is none. */
  String paramName() {
    if (auxK != null) {
      return K;
    }
    return isNested() ? WIDTHS : null;
  }

  void check(int units, boolean hasMaps) {
    Rule.require(
        !hasMaps || equals(PLAIN), "%s needs a fully connected layer, not maps", paramName());
    for (int g = 0; g < widths.size(); g++) {
      int before = g == 0 ? 0 : widths.get(g - 1);
      Rule.require(
          widths.get(g) > before,
          "matryoshkaWidths must rise from 1 or more, got %s; sort them and leave out equal ones",
          widths);
    }
    Rule.require(
        !isNested() || widths.get(widths.size() - 1) == units,
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

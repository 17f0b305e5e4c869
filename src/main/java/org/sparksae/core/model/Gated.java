package org.sparksae.core.model;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Decides which latents (hidden units) of a row are active, and how large they are, by two
 * pre-activations that share their weights.
 *
 * <pre>
 * g   = W x        W (x - c) with a pre-bias
 * p_j = g_j + b_j                                     the gate; b is the encoder's bias
 * h_j = ReLU(exp(r_j) g_j + m_j) if p_j &gt; 0, otherwise 0     the magnitude
 * </pre>
 *
 * <p>A penalty then does not shrink the magnitudes. It counts the gates, and so that these stay
 * useful, they have to reconstruct the row, too:
 *
 * <pre>
 * J = 1/2 |x_hat(h) - x|^2 + w sum over j of ReLU(p_j) + 1/2 |x_hat(ReLU(p)) - x|^2     mean over the rows
 * </pre>
 *
 * <p>In the last term, which is the auxiliary one, the decoder with its bias is constant for the
 * gradient.
 *
 * <p>Source: Rajamanoharan and others, Improving Dictionary Learning with Gated Sparse Autoencoders
 * (2024).
 */
public record Gated() implements WideCode {
  private static final String NAME = "gated";

  static CodeForm read(CodeFields fields) throws IOException {
    return fields.flag(NAME) ? new Gated() : ALL;
  }

  @Override
  public String paramName() {
    return NAME;
  }

  @Override
  public void checkModel(int depth, Activation output) {
    WideCode.super.checkModel(depth, output);
    Rule.require(
        output == Activation.LINEAR,
        "gated reconstructs from its gates, too, so it needs outputActivation = linear, got '%s'",
        output.paramName());
  }

  @Override
  public Map<String, Object> fields() {
    return Map.of(NAME, true);
  }

  @Override
  public List<SparsityKind> penalties() {
    return List.of(SparsityKind.L1, SparsityKind.NONE);
  }

  @Override
  public List<TensorRole> tensors() {
    return List.of(TensorRole.LOG_SCALE, TensorRole.MAGNITUDE_BIAS);
  }

  @Override
  public boolean hasAuxiliaryLoss() {
    return true;
  }

  @Override
  public boolean hasExactGradient() {
    return false;
  }
}

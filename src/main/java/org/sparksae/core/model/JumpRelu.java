package org.sparksae.core.model;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Keeps the activations of a row that exceed the threshold of their latent (hidden unit), and sets
 * the others to 0.
 *
 * <pre>
 * h_j = z_j if z_j &gt; theta_j, otherwise 0;   theta_j &gt;= 0
 * </pre>
 *
 * <p>The thresholds are a tensor of the model, [units]. Two kinds of training result in this form.
 * One learns the thresholds; {@link BatchTopK} gives all of them the same value.
 *
 * <p>Source: Rajamanoharan and others, Jumping Ahead: Improving Reconstruction Fidelity with
 * JumpReLU Sparse Autoencoders (2024).
 */
public record JumpRelu() implements WideCode {
  static final List<SparsityKind> PENALTIES =
      List.of(SparsityKind.L0, SparsityKind.TARGET_L0, SparsityKind.TANH, SparsityKind.NONE);

  private static final String NAME = "jumpRelu";

  static CodeForm read(CodeFields fields) throws IOException {
    return fields.flag(NAME) ? new JumpRelu() : ALL;
  }

  @Override
  public String paramName() {
    return NAME;
  }

  @Override
  public Map<String, Object> fields() {
    return Map.of(NAME, true);
  }

  @Override
  public List<TensorRole> tensors() {
    return List.of(TensorRole.THRESHOLD);
  }

  /** Those that a training of thresholds may have; they do not matter for encoding. */
  @Override
  public List<SparsityKind> penalties() {
    return PENALTIES;
  }
}

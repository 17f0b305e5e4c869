package org.sparksae.core.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Learns the thresholds of a {@link JumpRelu} code, one for each latent (hidden unit), together
 * with the other parameters.
 *
 * <pre>
 * h_j = z_j H(z_j - theta_j),   H(u) = 1 if u &gt; 0, otherwise 0;   L0 = sum over j of H(z_j - theta_j)
 * </pre>
 *
 * <p>Both jump at the threshold, so they have no derivative there. The gradient estimates that of
 * the expected objective by a rectangle kernel K of width epsilon, the bandwidth:
 *
 * <pre>
 * dh_j/dtheta_j = -(theta_j / epsilon) K((z_j - theta_j) / epsilon)   K(u) = 1 if |u| &lt; 1/2, otherwise 0
 * dL0/dtheta_j  = -(1 / epsilon) K((z_j - theta_j) / epsilon)
 * dh_j/dz_j     = H(z_j - theta_j),   dL0/dz_j = 0
 * </pre>
 *
 * <p>After each step a threshold of 0 or less becomes the smallest positive float32. The trained
 * model is a {@link JumpRelu}.
 *
 * <p>Source: Rajamanoharan and others, Jumping Ahead: Improving Reconstruction Fidelity with
 * JumpReLU Sparse Autoencoders (2024).
 *
 * @param threshold where the thresholds start, above 0
 * @param bandwidth epsilon, above 0
 */
public record JumpReluTraining(double threshold, double bandwidth) implements WideCode {
  private static final String THRESHOLD = "jumpReluThreshold";
  private static final String BANDWIDTH = "jumpReluBandwidth";

  @Override
  public String paramName() {
    return THRESHOLD;
  }

  @Override
  public void check(Activation activation, int units, boolean hasMaps) {
    requirePositive(THRESHOLD, threshold);
    requirePositive(BANDWIDTH, bandwidth);
    WideCode.super.check(activation, units, hasMaps);
  }

  private static void requirePositive(String name, double value) {
    Rule.require(
        value >= Float.MIN_NORMAL && value <= Float.MAX_VALUE,
        "%s must be above 0 and finite in float32, got %s",
        name,
        value);
  }

  /** Returns what a checkpoint names; a model file has the trained form. */
  @Override
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(THRESHOLD, threshold);
    fields.put(BANDWIDTH, bandwidth);
    return fields;
  }

  @Override
  public List<SparsityKind> penalties() {
    return JumpRelu.PENALTIES;
  }

  @Override
  public List<TensorRole> tensors() {
    return List.of(TensorRole.THRESHOLD);
  }

  @Override
  public double startThreshold() {
    return threshold;
  }

  @Override
  public boolean hasExactGradient() {
    return false;
  }

  @Override
  public CodeForm encoding() {
    return new JumpRelu();
  }

  @Override
  public CodeForm trained() {
    return new JumpRelu();
  }
}

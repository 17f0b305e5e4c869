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
 * <p>A latent that never exceeds its threshold has no gradient. The pre-activation loss gives it
 * one, and with it all latents that are not active in a row (V_j is the decoder vector):
 *
 * <pre>
 * auxiliary = w (1/N) sum over i and j of max(0, theta_j - z_ij) |V_j|
 * </pre>
 *
 * <p>After each step a threshold of 0 or less becomes the smallest positive float32. The trained
 * model is a {@link JumpRelu}.
 *
 * <p>Source: Rajamanoharan and others, Jumping Ahead: Improving Reconstruction Fidelity with
 * JumpReLU Sparse Autoencoders (2024); Conerly and others, Circuits Updates - January 2025, for the
 * pre-activation loss.
 *
 * @param threshold where the thresholds start, above 0
 * @param bandwidth epsilon, above 0
 * @param preActivationWeight w, the weight of the pre-activation loss, 0 or more
 */
public record JumpReluTraining(double threshold, double bandwidth, double preActivationWeight)
    implements WideCode {
  private static final String PRE_ACTIVATION = "preActivationWeight";
  private static final String THRESHOLD = "jumpReluThreshold";
  private static final String BANDWIDTH = "jumpReluBandwidth";

  /** Creates a form without a pre-activation loss. */
  public JumpReluTraining(double threshold, double bandwidth) {
    this(threshold, bandwidth, 0);
  }

  @Override
  public String paramName() {
    return THRESHOLD;
  }

  @Override
  public void check(Activation activation, int units, boolean hasMaps) {
    requirePositive(THRESHOLD, threshold);
    requirePositive(BANDWIDTH, bandwidth);
    Rule.require(
        preActivationWeight >= 0 && Double.isFinite(preActivationWeight),
        "preActivationWeight must be 0 or more and finite, got %s",
        preActivationWeight);
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
    if (hasAuxiliaryLoss()) {
      fields.put(PRE_ACTIVATION, preActivationWeight);
    }
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
  public boolean hasAuxiliaryLoss() {
    return preActivationWeight > 0;
  }

  @Override
  public boolean needsDecoderNorms() {
    return hasAuxiliaryLoss();
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

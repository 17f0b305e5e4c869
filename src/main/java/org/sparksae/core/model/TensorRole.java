package org.sparksae.core.model;

/** The role of a tensor in the model: how it is initialised and whether it decays. */
public enum TensorRole {
  /** Weights: initialised at random and subject to weight decay. */
  WEIGHT(true),
  /** Biases: initialised to 0 and not subject to weight decay. */
  BIAS(false);

  private final boolean decays;

  TensorRole(boolean decays) {
    this.decays = decays;
  }

  /** Returns whether weight decay ({@code regParam}) applies to these values. */
  public boolean decays() {
    return decays;
  }
}

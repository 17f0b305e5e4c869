package org.sparksae.core.model;

/** What the values of a tensor are to the model: how they start, and whether they decay. */
public enum TensorRole {
  /** Factors of a layer's input: they start at random, and weight decay counts them. */
  WEIGHT(true),
  /** Summands: they start at 0, and do not decay. */
  BIAS(false);

  private final boolean decays;

  TensorRole(boolean decays) {
    this.decays = decays;
  }

  /** Whether {@code regParam} holds these values small. */
  public boolean decays() {
    return decays;
  }
}

package org.sparksae.core.model;

/** The role of a tensor in the model: how it is initialised, whether it decays, what it must be. */
public enum TensorRole {
  /** Weights: initialised at random and subject to weight decay. */
  WEIGHT,
  /**
   * Weights whose rows are decoder vectors of length 1. Weight decay cannot shorten them, so they
   * do not decay.
   */
  UNIT_ROWS,
  /** The same with columns in place of rows. */
  UNIT_COLUMNS,
  /** Weights of a skip connection: initialised to 0 and not subject to weight decay. */
  SKIP,

  /** Biases: initialised to 0 and not subject to weight decay. */
  BIAS,
  /** Thresholds of activations: positive if they are trained, and not subject to weight decay. */
  THRESHOLD("threshold"),
  /** Logarithms of factors: initialised to 0 and not subject to weight decay. */
  LOG_SCALE("logScale"),
  /** Further biases of a code: initialised to 0 and not subject to weight decay. */
  MAGNITUDE_BIAS("magnitudeBias");

  private final String tensorName;

  TensorRole() {
    this(null);
  }

  TensorRole(String tensorName) {
    this.tensorName = tensorName;
  }

  /** Returns the last part of a tensor's name, for tensors that only some kinds of codes have. */
  String tensorName() {
    return tensorName;
  }

  /** Returns whether the initial values are drawn at random. */
  boolean isRandom() {
    return this == WEIGHT || hasUnitVectors();
  }

  /** Returns whether weight decay ({@code regParam}) applies to these values. */
  public boolean decays() {
    return this == WEIGHT;
  }

  /**
   * Returns whether these values are added to, or compared with, what is in the units of the rows.
   */
  boolean isInUnitsOfRows() {
    return this == BIAS || this == THRESHOLD || this == MAGNITUDE_BIAS;
  }

  /** Returns whether rows or columns must have length 1. */
  public boolean hasUnitVectors() {
    return this == UNIT_ROWS || this == UNIT_COLUMNS;
  }
}

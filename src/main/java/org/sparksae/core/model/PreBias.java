package org.sparksae.core.model;

/**
 * Whether the encoder subtracts the decoder's bias c from its input, and where c starts. It is then
 * trained like any bias.
 *
 * <p>Source: Gao et al., Scaling and evaluating sparse autoencoders (2024); Bricken et al., Towards
 * Monosemanticity (2023).
 */
public enum PreBias {
  /** The encoder takes the input as it is; the decoder's bias starts at 0. */
  NONE("none"),
  /** c starts at 0. */
  ZEROS("zeros"),
  /** c starts at the weighted mean of the training rows. */
  MEAN("mean"),
  /** c starts at their geometric median, which rows far from the others hardly move. */
  GEOMETRIC_MEDIAN("geometricMedian");

  private final String paramName;

  PreBias(String paramName) {
    this.paramName = paramName;
  }

  /** Returns the name used in Params and job files. */
  public String paramName() {
    return paramName;
  }

  /**
   * Returns the constant with the given name.
   *
   * @param param the Param's name, for the message
   * @throws IllegalArgumentException if there is none; the message lists the valid names
   */
  public static PreBias parse(String param, String name) {
    return Names.parse(param, name, values(), PreBias::paramName);
  }
}

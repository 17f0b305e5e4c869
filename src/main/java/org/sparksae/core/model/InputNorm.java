package org.sparksae.core.model;

/**
 * The factor s of the rows that a training sees. The trained model takes the rows as they are; see
 * {@link InputScaling}.
 *
 * <p>Source: SAELens, expected_average_only_in, for rows that are not centred.
 */
public enum InputNorm {
  /** s = 1: the rows as they are. */
  NONE("none"),
  /**
   * The mean distance of a row from the mean of all rows becomes the square root of its size:
   * {@code s = sqrt(d) / mean |x - mean x|}, weighted. A column then has a variance near 1, on
   * average. For a transcoder, x and d are those of the target, and s is the factor of both
   * columns.
   */
  SQRT_SIZE("sqrtSize");

  private final String paramName;

  InputNorm(String paramName) {
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
  public static InputNorm parse(String param, String name) {
    return Names.parse(param, name, values(), InputNorm::paramName);
  }
}

package org.sparksae.core.model;

import java.util.Locale;

/**
 * How precisely the products of fully connected layers are computed. Parameters, biases,
 * activations, gradients, their sums and the optimiser's state are float32 in any case, and so are
 * products with sparse rows: those of a sparse input, and those of a sparse code in the decoder and
 * in the gradient.
 */
public enum Precision {
  /** Products of float32 values. */
  FLOAT32,

  /**
   * Both sides of a product are rounded to bfloat16 (8 bits of precision, the range of float32; to
   * the nearest value, ties to even), and the product is summed in float32. Values beyond the
   * largest bfloat16, 3.39e38, become infinite.
   */
  BFLOAT16;

  /** Returns the name used in Params and job files. */
  public String paramName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the constant with the given name.
   *
   * @param param the Param's name, for the message
   * @throws IllegalArgumentException if there is none; the message lists the valid names
   */
  public static Precision parse(String param, String name) {
    return Names.parse(param, name, values(), Precision::paramName);
  }
}

package org.sparksae.core.model;

import java.util.Locale;

/** Where the weights of a training start that is given none. */
public enum WeightStart {
  /** All weights are drawn from a range that depends on the sizes of their layer. */
  GLOROT,
  /**
   * Decoder vectors are drawn and get the same length, and the encoder is the decoder's transpose.
   */
  TIED;

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
  public static WeightStart parse(String param, String name) {
    return Names.parse(param, name, values(), WeightStart::paramName);
  }
}

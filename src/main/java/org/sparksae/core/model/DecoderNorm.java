package org.sparksae.core.model;

import java.util.Locale;

/**
 * What holds for the lengths of a decoder's vectors. The decoder vector of a latent (a hidden unit)
 * is the weights through which it enters the reconstruction; that of a map is its filter.
 */
public enum DecoderNorm {
  /** Vectors have any length. */
  FREE,
  /** Vectors have length 1 from the start of training to the saved model. */
  UNIT;

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
  public static DecoderNorm parse(String param, String name) {
    return Names.parse(param, name, values(), DecoderNorm::paramName);
  }
}

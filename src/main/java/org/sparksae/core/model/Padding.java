package org.sparksae.core.model;

import java.util.Locale;

/** What a convolution does at the border of an image. */
public enum Padding {
  /** Windows lie inside the image: {@code (H - K) / s + 1} of them, one below the other. */
  VALID,
  /** Zeros are put around the image, so that there are {@code ceil(H / s)} windows. */
  SAME;

  /** The name as it stands in Params and job files. */
  public String paramName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The padding of a name.
   *
   * @param param the Param's name, for the message
   * @throws IllegalArgumentException if there is none; the message lists those there are
   */
  public static Padding parse(String param, String name) {
    return Names.parse(param, name, values(), Padding::paramName);
  }
}

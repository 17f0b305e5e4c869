package org.sparksae.core.model;

import java.util.Locale;

/** How a convolution treats the border of an image. */
public enum Padding {
  /** Windows lie inside the image: there are {@code (H - K) / s + 1} from top to bottom. */
  VALID,
  /** Zeros surround the image, so that there are {@code ceil(H / s)} windows. */
  SAME;

  /** Returns the name used in Params and job files. */
  public String paramName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the padding with the given name.
   *
   * @param param the Param's name, for the message
   * @throws IllegalArgumentException if there is none; the message lists the valid names
   */
  public static Padding parse(String param, String name) {
    return Names.parse(param, name, values(), Padding::paramName);
  }
}

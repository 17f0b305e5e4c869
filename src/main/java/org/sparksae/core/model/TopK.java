package org.sparksae.core.model;

import java.io.Serializable;
import java.util.Locale;

/**
 * Keeps the k units of a row that are largest, and makes the others 0: a k-sparse layer.
 *
 * <pre>
 * z = W x + b;   h_j = f(z_j) for the k largest z_j (by value, or by magnitude), else 0
 * </pre>
 *
 * <p>The gradient passes through the kept units only. Of equal units the one of lowest index is
 * kept. With ReLU only positive units are kept, so a row may have fewer than k, and both orders are
 * one.
 *
 * <p>Source: Makhzani and Frey, k-Sparse Autoencoders (2013).
 *
 * @param k units that are kept, from 1 to the layer's size
 * @param by what makes a unit large
 */
public record TopK(int k, By by) implements Serializable {

  /** What makes a unit large. */
  public enum By {
    /** The value z: the paper, and ReLU codes. */
    VALUE,
    /** The magnitude |z|. */
    MAGNITUDE;

    /** The name as it stands in Params and job files. */
    public String paramName() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The order of a name.
     *
     * @param param the Param's name, for the message
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    public static By parse(String param, String name) {
      return Names.parse(param, name, values(), By::paramName);
    }
  }
}

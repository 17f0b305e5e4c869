package org.sparksae.core.model;

import java.util.Locale;

/** Which mean activation is compared with a target. */
public enum SparsityScope {
  /**
   * The mean of one unit over all rows of the global batch. The penalty is summed over the units
   * (Ng 2011).
   */
  UNIT,
  /** The mean over the units of one row. The penalty is averaged over the rows. */
  EXAMPLE;

  /** Returns the name used in Params and job files. */
  public String paramName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the scope with the given name.
   *
   * @param param the Param's name, for the message
   * @throws IllegalArgumentException if there is none; the message lists the valid names
   */
  public static SparsityScope parse(String param, String name) {
    return Names.parse(param, name, values(), SparsityScope::paramName);
  }
}

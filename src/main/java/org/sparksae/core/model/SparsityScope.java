package org.sparksae.core.model;

import java.util.Locale;

/** Which mean activation a penalty with a target looks at. */
public enum SparsityScope {
  /**
   * Mean of one unit over all rows of the (global) batch; the penalty is summed over the units (Ng
   * 2011).
   */
  UNIT,
  /** Mean over the units of one row; the penalty is averaged over the rows. */
  EXAMPLE;

  /** The name as it stands in Params and job files. */
  public String paramName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The scope of a name.
   *
   * @param param the Param's name, for the message
   * @throws IllegalArgumentException if there is none; the message lists those there are
   */
  public static SparsityScope parse(String param, String name) {
    return Names.parse(param, name, values(), SparsityScope::paramName);
  }
}

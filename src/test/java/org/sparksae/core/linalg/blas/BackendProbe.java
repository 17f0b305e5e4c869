package org.sparksae.core.linalg.blas;

import dev.ludovic.netlib.blas.BLAS;

/** A JVM of its own: says which backend it got and why, and whether it multiplies. */
final class BackendProbe {
  /** The argument that initialises netlib first, as MLlib does. */
  static final String NETLIB_FIRST = "netlib-first";

  private BackendProbe() {}

  public static void main(String[] args) {
    if (args.length > 0 && args[0].equals(NETLIB_FIRST)) {
      BLAS.getInstance();
    }
    try {
      BlasBackend backend = BlasBackend.get();
      ProductCheck.check(backend.blas());
      System.out.println("name " + backend.name());
      System.out.println("reason " + backend.reason());
      System.out.println("second choice " + backend.secondChoice());
    } catch (IllegalArgumentException e) {
      System.out.println("refused " + e.getMessage());
      // Not only the first caller is told.
      try {
        BlasBackend.get();
      } catch (IllegalArgumentException again) {
        System.out.println("again " + again.getMessage());
      }
    }
  }
}

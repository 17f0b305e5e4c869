package org.sparksae.core.linalg.blas;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import org.sparksae.core.linalg.natives.UnavailableException;

/** Netlib's own kernels in Java. */
final class JavaBackend {
  private static final String VECTOR = "VectorBLAS";

  private JavaBackend() {}

  /**
   * Returns the best one available: with the Vector API if its module is present, otherwise plain
   * Java.
   */
  static BlasBackend best() throws UnavailableException {
    BLAS blas;
    try {
      blas = JavaBLAS.getInstance();
    } catch (LinkageError | RuntimeException e) {
      throw new UnavailableException(
          "netlib's Java kernels do not load: " + UnavailableException.reason(e));
    }
    String name = blas.getClass().getSimpleName();
    return name.equals(VECTOR)
        ? new BlasBackend(blas, name, "netlib's kernels with the Vector API", false)
        : new BlasBackend(
            blas,
            name,
            "netlib's kernels in plain Java, a quarter of the Vector API's speed: add"
                + " --add-modules=jdk.incubator.vector to the JVM's options",
            true);
  }

  /** Returns the one with the Vector API, or fails. */
  static BlasBackend vector() throws UnavailableException {
    BlasBackend best = best();
    if (!best.name().equals(VECTOR)) {
      throw new UnavailableException(
          "the JVM has no module jdk.incubator.vector: add --add-modules=jdk.incubator.vector to"
              + " its options");
    }
    return best;
  }
}

package org.sparksae.core.linalg.blas;

import dev.ludovic.netlib.blas.BLAS;
import java.util.Properties;

/**
 * The library that computes the matrix products of this JVM, and why it was chosen.
 *
 * @param blas netlib's interface to the library
 * @param name a short name for summaries, such as {@code "OpenBLAS 0.3.31 (bundled, Zen)"} or
 *     {@code "VectorBLAS"}: equal names mean equal kernels
 * @param reason one sentence: why this backend and, if it was not the first choice, what it costs
 *     and what to do
 * @param secondChoice whether a backend that should have been faster could not be used
 */
public record BlasBackend(BLAS blas, String name, String reason, boolean secondChoice) {
  /** The system property that forces a backend: one of {@link BackendChoice#NAMES}. */
  public static final String PROPERTY = "org.sparksae.blas";

  /**
   * Returns the backend of this JVM, which the first call chooses.
   *
   * @throws IllegalArgumentException at each call, if {@link #PROPERTY} names no backend, or one
   *     that cannot be loaded here
   */
  public static BlasBackend get() {
    if (Chosen.BACKEND == null) {
      throw new IllegalArgumentException(Chosen.REFUSAL);
    }
    return Chosen.BACKEND;
  }

  /**
   * Loads at first use. A failure is kept as text, because a class initialiser throws its exception
   * only once.
   */
  private static final class Chosen {
    static final BlasBackend BACKEND;
    static final String REFUSAL;

    static {
      BlasBackend backend = null;
      String refusal = null;
      try {
        Properties properties = System.getProperties();
        backend = new BackendChoice(properties, System.getenv()).choose();
      } catch (IllegalArgumentException e) {
        refusal = e.getMessage();
      }
      BACKEND = backend;
      REFUSAL = refusal;
    }
  }
}

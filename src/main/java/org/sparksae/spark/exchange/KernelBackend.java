package org.sparksae.spark.exchange;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.blas.BlasBackend;

/** What computes in this JVM: the matrix products, and everything else; says so once in its log. */
public final class KernelBackend {
  private static final Logger LOG = LoggerFactory.getLogger(KernelBackend.class);

  private static boolean logged;

  private KernelBackend() {}

  /**
   * Both names, for summaries: equal ones mean equal bits. Also logs them.
   *
   * @throws IllegalArgumentException if the backend that is forced cannot be used
   */
  public static String name() {
    log();
    return BlasBackend.get().name() + ", " + Kernels.backend();
  }

  /**
   * Logs name and reason at the first call in this JVM: as a warning if something faster should
   * have been there.
   *
   * @throws IllegalArgumentException if the backend that is forced cannot be used
   */
  public static synchronized void log() {
    if (logged) {
      return;
    }
    BlasBackend backend = BlasBackend.get();
    logged = true;
    if (backend.secondChoice()) {
      LOG.warn("matrix products by {}: {}", backend.name(), backend.reason());
    } else {
      LOG.info("matrix products by {}: {}", backend.name(), backend.reason());
    }
    LOG.info("other kernels by {}", Kernels.backend());
  }
}

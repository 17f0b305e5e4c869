package org.sparksae.spark.exchange;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.bfloat16.Bfloat16Backend;
import org.sparksae.core.linalg.blas.BlasBackend;

/**
 * The libraries that compute matrix products and other kernels in this JVM, which are logged once.
 */
public final class KernelBackend {
  private static final Logger LOG = LoggerFactory.getLogger(KernelBackend.class);

  private static boolean logged;
  private static boolean bfloat16Logged;

  private KernelBackend() {}

  /**
   * Returns their names, for summaries, and logs them. Equal names mean equal bits.
   *
   * @throws IllegalArgumentException if a backend is forced that cannot be used
   */
  public static String name() {
    log();
    Bfloat16Backend products = Bfloat16Backend.get();
    return BlasBackend.get().name()
        + ", "
        + Kernels.backend()
        + (products.isFast() ? ", candidates by " + products.name() : "");
  }

  /**
   * Logs name and reason at the first call in this JVM, as a warning if a faster backend should
   * have been available.
   *
   * @throws IllegalArgumentException if a backend is forced that cannot be used
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
    if (Bfloat16Backend.get().isFast()) {
      bfloat16();
    }
  }

  /**
   * Returns what computes products of bfloat16, and logs its name and reason at the first call in
   * this JVM, as a warning if it is no faster than float32.
   *
   * @throws IllegalArgumentException if one is forced that cannot be used
   */
  public static synchronized Bfloat16Backend bfloat16() {
    Bfloat16Backend backend = Bfloat16Backend.get();
    if (!bfloat16Logged) {
      bfloat16Logged = true;
      if (backend.isFast()) {
        LOG.info("bfloat16 products by {}: {}", backend.name(), backend.reason());
      } else {
        LOG.warn("bfloat16 products by {}: {}", backend.name(), backend.reason());
      }
    }
    return backend;
  }
}

package org.sparksae.spark.exchange;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.bfloat16.Bfloat16Backend;
import org.sparksae.core.linalg.blas.BlasBackend;
import org.sparksae.core.model.Precision;

/**
 * The libraries that compute matrix products and other kernels in this JVM, which are logged once.
 */
public final class KernelBackend {
  private static final Logger LOG = LoggerFactory.getLogger(KernelBackend.class);

  private static boolean logged;
  private static boolean bfloat16Logged;

  private KernelBackend() {}

  /**
   * Returns the names of all that compute a model, for summaries, and logs them. Equal names mean
   * equal bits.
   *
   * @param precision of the model's products
   * @throws IllegalArgumentException if a backend is forced that cannot be used
   */
  public static String name(Precision precision) {
    log(precision);
    Bfloat16Backend products = Bfloat16Backend.get();
    String all = BlasBackend.get().name() + ", " + Kernels.backend();
    if (precision == Precision.BFLOAT16) {
      return all + ", bfloat16 products by " + products.name();
    }
    return products.isFast() ? all + ", candidates by " + products.name() : all;
  }

  /**
   * Logs name and reason at the first call in this JVM, and at the first of each precision, as a
   * warning if a faster backend should have been available.
   *
   * @throws IllegalArgumentException if a backend is forced that cannot be used
   */
  public static synchronized void log(Precision precision) {
    if (!logged) {
      logFloat32();
      logged = true;
    }
    // Some codes use products that are fast without being asked.
    boolean wanted = precision == Precision.BFLOAT16 || Bfloat16Backend.get().isFast();
    if (wanted && !bfloat16Logged) {
      logBfloat16();
      bfloat16Logged = true;
    }
  }

  private static void logFloat32() {
    BlasBackend backend = BlasBackend.get();
    if (backend.secondChoice()) {
      LOG.warn("matrix products by {}: {}", backend.name(), backend.reason());
    } else {
      LOG.info("matrix products by {}: {}", backend.name(), backend.reason());
    }
    LOG.info("other kernels by {}", Kernels.backend());
  }

  private static void logBfloat16() {
    Bfloat16Backend backend = Bfloat16Backend.get();
    if (backend.isFast()) {
      LOG.info("bfloat16 products by {}: {}", backend.name(), backend.reason());
    } else {
      LOG.warn("bfloat16 products by {}: {}", backend.name(), backend.reason());
    }
  }
}

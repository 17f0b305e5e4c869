package org.sparksae.core.linalg.blas;

import java.util.List;

/**
 * One thread for each caller: Spark runs a task on each core already, and a library that spreads
 * each product over all cores makes the tasks wait for each other.
 */
final class SingleThread {
  /** The names that OpenBLAS, Intel's MKL and BLIS have for it. */
  private static final List<String> SETTERS =
      List.of("openblas_set_num_threads", "MKL_Set_Num_Threads", "bli_thread_set_num_threads");

  private SingleThread() {}

  /** Whether the library has a known function for it, which has then been called. */
  static boolean set(SharedLibraries.Library library) {
    return SETTERS.stream().anyMatch(setter -> library.call(setter, 1));
  }
}

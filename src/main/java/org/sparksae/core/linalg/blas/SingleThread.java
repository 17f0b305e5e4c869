package org.sparksae.core.linalg.blas;

import java.util.List;
import org.sparksae.core.linalg.natives.SharedLibraries;

/**
 * Sets a BLAS to one thread per caller. Spark already runs a task on each core; a library that
 * spreads each product over all cores would make the tasks wait for each other.
 */
final class SingleThread {
  /** The functions of OpenBLAS, Intel MKL and BLIS that set the number of threads. */
  private static final List<String> SETTERS =
      List.of("openblas_set_num_threads", "MKL_Set_Num_Threads", "bli_thread_set_num_threads");

  private SingleThread() {}

  /** Calls the library's function for it; returns whether it has a known one. */
  static boolean set(SharedLibraries.Library library) {
    return SETTERS.stream().anyMatch(setter -> library.call(setter, 1));
  }
}

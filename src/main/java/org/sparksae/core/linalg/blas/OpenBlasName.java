package org.sparksae.core.linalg.blas;

import org.sparksae.core.Text;
import org.sparksae.core.linalg.natives.SharedLibraries;

/** The name that OpenBLAS reports for itself. */
final class OpenBlasName {
  private OpenBlasName() {}

  /**
   * Returns a name such as {@code OpenBLAS 0.3.31 (bundled, Zen)}: the version and the processor
   * whose kernels it uses. Both affect the last bits of a product.
   *
   * @param origin where the library comes from
   * @param other the name to use if the library is not OpenBLAS
   */
  static String of(SharedLibraries.Library library, String origin, String other) {
    String[] words = library.text("openblas_get_config").orElse("").split("\\s+");
    return words.length > 1 && words[0].equals("OpenBLAS")
        ? Text.format(
            "OpenBLAS %s (%s, %s)",
            words[1], origin, library.text("openblas_get_corename").orElse("unknown kernels"))
        : Text.format("%s (%s)", other, origin);
  }
}

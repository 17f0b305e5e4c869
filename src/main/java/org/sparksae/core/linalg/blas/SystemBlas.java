package org.sparksae.core.linalg.blas;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.sparksae.core.linalg.natives.NativeDirectories;
import org.sparksae.core.linalg.natives.SharedLibraries;
import org.sparksae.core.linalg.natives.UnavailableException;

/**
 * The system's BLAS: the one that netlib's properties name, or {@code libblas.so.3} if they name
 * none.
 */
final class SystemBlas {
  private final String library;
  private final List<Path> candidates;

  SystemBlas(Properties properties, Map<String, String> environment) {
    this.library =
        properties.getProperty(
            Netlib.PATH_PROPERTY,
            properties.getProperty(Netlib.LIBRARY_PROPERTY, Netlib.DEFAULT_LIBRARY));
    this.candidates = NativeDirectories.candidates(properties, environment);
  }

  /** Returns whether the user named a library. */
  static boolean isConfigured(Properties properties) {
    return properties.getProperty(Netlib.PATH_PROPERTY) != null
        || properties.getProperty(Netlib.LIBRARY_PROPERTY) != null;
  }

  /**
   * Loads the library.
   *
   * @throws UnavailableException with the reason if it does not load
   */
  BlasBackend load() throws UnavailableException {
    SharedLibraries libraries = openLibraries();
    if (libraries == null) {
      return new BlasBackend(
          Netlib.loadConfigured(null),
          fileName() + " (system)",
          library + ", with as many threads as its environment gives it: set OMP_NUM_THREADS=1",
          false);
    }
    SharedLibraries.Library loaded = libraries.load(library);
    boolean single = SingleThread.set(loaded);
    return new BlasBackend(
        Netlib.loadConfigured(loaded),
        OpenBlasName.of(loaded, "system", fileName()),
        library
            + (single
                ? ", one thread a task"
                : ", which has no known switch for its threads: set OMP_NUM_THREADS=1 if it has any"),
        false);
  }

  /** Returns null if JNA cannot be extracted or started; the library works without it. */
  private SharedLibraries openLibraries() {
    for (Path candidate : candidates) {
      try {
        return SharedLibraries.open(candidate);
      } catch (UnavailableException e) {
        continue;
      }
    }
    return null;
  }

  private String fileName() {
    return Path.of(library).getFileName().toString();
  }
}

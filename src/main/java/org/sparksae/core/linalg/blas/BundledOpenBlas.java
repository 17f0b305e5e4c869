package org.sparksae.core.linalg.blas;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.sparksae.core.linalg.natives.Extraction;
import org.sparksae.core.linalg.natives.NativeBundle;
import org.sparksae.core.linalg.natives.NativeDirectories;
import org.sparksae.core.linalg.natives.SharedLibraries;
import org.sparksae.core.linalg.natives.UnavailableException;

/** The OpenBLAS in our jar: extracts it, loads it and sets it to one thread. */
final class BundledOpenBlas {
  /** Loads the files of an extracted bundle. */
  interface Opener {
    BlasBackend open(NativeBundle bundle, Path directory, Path parent) throws UnavailableException;
  }

  /**
   * A function in OpenBLAS's table of products. Another OpenBLAS in the process has one of the same
   * name.
   */
  private static final String OWN_FUNCTION = "sgemm_nn";

  private final String platform;
  private final List<Path> candidates;
  private final Opener opener;

  BundledOpenBlas(Properties properties, Map<String, String> environment) {
    this(
        NativeBundle.platform(properties),
        NativeDirectories.candidates(properties, environment),
        BundledOpenBlas::open);
  }

  BundledOpenBlas(String platform, List<Path> candidates, Opener opener) {
    this.platform = platform;
    this.candidates = candidates;
    this.opener = opener;
  }

  /**
   * Loads the library from the first directory where this works.
   *
   * @throws UnavailableException with the reason for each directory
   */
  BlasBackend load() throws UnavailableException {
    NativeBundle bundle = NativeBundle.of(platform);
    return NativeDirectories.first(
        candidates, parent -> opener.open(bundle, Extraction.extract(bundle, parent), parent));
  }

  static BlasBackend open(NativeBundle bundle, Path directory, Path parent)
      throws UnavailableException {
    SharedLibraries libraries = SharedLibraries.open(parent);
    SharedLibraries.Library openBlas = null;
    String path = null;
    // Load in order: the runtime libraries do not look for each other in their own directory.
    for (NativeBundle.Entry entry : bundle.entries()) {
      path = directory.resolve(entry.file()).toString();
      openBlas = libraries.load(path);
    }
    SingleThread.set(openBlas);
    if (openBlas.number("openblas_get_num_threads").orElse(0) != 1) {
      throw new UnavailableException("it cannot be limited to one thread");
    }
    String file = realPath(path);
    openBlas.requireCalledBy(file::equals, OWN_FUNCTION);
    return new BlasBackend(
        Netlib.load(path, openBlas),
        OpenBlasName.of(openBlas, "bundled", "OpenBLAS"),
        "the OpenBLAS that comes in the jar, from " + directory,
        false);
  }

  /** Returns the path as the system names it. */
  private static String realPath(String path) throws UnavailableException {
    try {
      return Path.of(path).toRealPath().toString();
    } catch (IOException e) {
      throw new UnavailableException(UnavailableException.reason(e));
    }
  }
}

package org.sparksae.core.linalg.blas;

import dev.ludovic.netlib.blas.BLAS;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.Set;
import org.sparksae.core.Text;
import org.sparksae.core.linalg.natives.NativeBundle;
import org.sparksae.core.linalg.natives.ProcessMemory;
import org.sparksae.core.linalg.natives.SharedLibraries;
import org.sparksae.core.linalg.natives.TemporaryProperties;
import org.sparksae.core.linalg.natives.UnavailableException;

/**
 * Our own copy of netlib's native backend.
 *
 * <p>Netlib binds one BLAS per class loader, when its class initialises. If MLlib does that first,
 * with a slow library or none, nobody else can choose another. Before 3.2.0, netlib also opens that
 * BLAS for the whole process and calls whichever BLAS the process found first. Therefore our jar
 * contains the two implementing classes and the native file of 3.2.0, and this class loader defines
 * them. The interface {@link BLAS}, which is the same in all versions, remains shared.
 */
final class Netlib extends ClassLoader {
  static final String LIBRARY_PROPERTY = "dev.ludovic.netlib.blas.nativeLib";
  static final String PATH_PROPERTY = "dev.ludovic.netlib.blas.nativeLibPath";
  static final String DEFAULT_LIBRARY = "libblas.so.3";

  private static final String NATIVE = "dev.ludovic.netlib.blas.JNIBLAS";
  private static final Set<String> OWN = Set.of(NATIVE, "dev.ludovic.netlib.blas.AbstractBLAS");

  /** The folder of netlib's files in our jar. */
  private static final String BUNDLE = "netlib";

  /** The folder in which netlib looks for its native file. */
  private static final String FILES = "resources/native/";

  private static final String NATIVE_FILE = "libnetlibblasjni";

  /** The only function that this library calls. */
  private static final String FUNCTION = "sgemm_";

  private Netlib() {
    super(BLAS.class.getClassLoader());
  }

  /**
   * Loads netlib on top of the library at a path.
   *
   * @param loaded that library, already loaded
   * @throws UnavailableException if it does not load
   */
  static BLAS load(String path, SharedLibraries.Library loaded) throws UnavailableException {
    try (TemporaryProperties configuration = new TemporaryProperties()) {
      configuration.set(PATH_PROPERTY, path).set(LIBRARY_PROPERTY, null);
      return loadConfigured(loaded);
    }
  }

  /**
   * Loads netlib on top of the library that netlib's own properties name.
   *
   * @param loaded that library, already loaded, which netlib must call; null if unknown
   * @throws UnavailableException if it does not load, or calls another library
   */
  static BLAS loadConfigured(SharedLibraries.Library loaded) throws UnavailableException {
    Set<String> before = ProcessMemory.files();
    BLAS blas = newInstance();
    if (loaded != null) {
      loaded.requireCalledBy(f -> f.contains(NATIVE_FILE) && !before.contains(f), FUNCTION);
    }
    return blas;
  }

  private static BLAS newInstance() throws UnavailableException {
    try {
      Method instance = new Netlib().loadClass(NATIVE).getMethod("getInstance");
      // The method is public, its class is not.
      instance.setAccessible(true);
      return (BLAS) instance.invoke(null);
    } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
      throw new UnavailableException(
          Text.format(
              "netlib's native interface does not load: %s (its own file goes to java.io.tmpdir, %s)",
              UnavailableException.reason(e), System.getProperty("java.io.tmpdir")));
    }
  }

  /**
   * Returns netlib's native file, which netlib takes from its class loader: our file, not that of
   * another version.
   */
  @Override
  public InputStream getResourceAsStream(String name) {
    InputStream own =
        name.startsWith(FILES)
            ? NativeBundle.open(BUNDLE, name.substring(FILES.length()).split("/")[0] + ".so")
            : null;
    return own == null ? super.getResourceAsStream(name) : own;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!OWN.contains(name)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    String file = name.substring(name.lastIndexOf('.') + 1) + ".bin";
    try (InputStream in = NativeBundle.open(BUNDLE, file)) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = in.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}

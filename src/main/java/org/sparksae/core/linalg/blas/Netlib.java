package org.sparksae.core.linalg.blas;

import dev.ludovic.netlib.blas.BLAS;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.Set;
import org.sparksae.core.Text;

/**
 * A copy of netlib's native backend of our own.
 *
 * <p>Netlib binds one BLAS for each class loader, when its class initialises: where MLlib did that
 * first, to a slow library or to none, nobody else gets another choice. And before 3.2.0 it opens
 * that BLAS for the whole process and calls whatever the process has first. So 3.2.0's two
 * implementing classes and its native file come in our jar and are defined in this class loader;
 * the interface {@link BLAS}, which is the same in all versions, stays the one that everybody sees.
 */
final class Netlib extends ClassLoader {
  static final String LIBRARY_PROPERTY = "dev.ludovic.netlib.blas.nativeLib";
  static final String PATH_PROPERTY = "dev.ludovic.netlib.blas.nativeLibPath";
  static final String DEFAULT_LIBRARY = "libblas.so.3";

  private static final String NATIVE = "dev.ludovic.netlib.blas.JNIBLAS";
  private static final Set<String> OWN = Set.of(NATIVE, "dev.ludovic.netlib.blas.AbstractBLAS");

  /** Its folder in our jar. */
  private static final String BUNDLE = "netlib";

  /** Where netlib looks for its native file, and how it names the copy that it loads. */
  private static final String FILES = "resources/native/";

  private static final String NATIVE_FILE = "libnetlibblasjni";

  /** All that this library calls. */
  private static final String FUNCTION = "sgemm_";

  private Netlib() {
    super(BLAS.class.getClassLoader());
  }

  /**
   * Netlib over the library at that path.
   *
   * @param loaded that library
   * @throws UnavailableException if it does not load
   */
  static BLAS load(String path, SharedLibraries.Library loaded) throws UnavailableException {
    try (TemporaryProperties configuration = new TemporaryProperties()) {
      configuration.set(PATH_PROPERTY, path).set(LIBRARY_PROPERTY, null);
      return loadConfigured(loaded);
    }
  }

  /**
   * Netlib over the library that its own properties name.
   *
   * @param loaded that library, which has to be the one that netlib calls; null if unknown
   * @throws UnavailableException if it does not load, or calls another one
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
   * Its native file, which netlib takes from its class loader: ours, before any other version's.
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

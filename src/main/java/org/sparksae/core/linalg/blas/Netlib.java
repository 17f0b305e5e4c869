package org.sparksae.core.linalg.blas;

import dev.ludovic.netlib.blas.BLAS;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.Set;

/**
 * A copy of netlib's native backend of our own.
 *
 * <p>Netlib binds one BLAS for each class loader, when its class initialises: where MLlib did that
 * first, to a slow library or to none, nobody else gets another choice. So its two implementing
 * classes are defined once more, in this class loader, from the same bytes; the interface {@link
 * BLAS} stays the one that everybody sees.
 */
final class Netlib extends ClassLoader {
  static final String LIBRARY_PROPERTY = "dev.ludovic.netlib.blas.nativeLib";
  static final String PATH_PROPERTY = "dev.ludovic.netlib.blas.nativeLibPath";
  static final String DEFAULT_LIBRARY = "libblas.so.3";

  private static final String NATIVE = "dev.ludovic.netlib.blas.JNIBLAS";
  private static final Set<String> OWN = Set.of(NATIVE, "dev.ludovic.netlib.blas.AbstractBLAS");

  private Netlib() {
    super(BLAS.class.getClassLoader());
  }

  /**
   * Netlib over the library at that path.
   *
   * @throws UnavailableException if it does not load
   */
  static BLAS load(String path) throws UnavailableException {
    try (TemporaryProperties configuration = new TemporaryProperties()) {
      configuration.set(PATH_PROPERTY, path).set(LIBRARY_PROPERTY, null);
      return loadConfigured();
    }
  }

  /**
   * Netlib over the library that its own properties name.
   *
   * @throws UnavailableException if it does not load
   */
  static BLAS loadConfigured() throws UnavailableException {
    try {
      Method instance = new Netlib().loadClass(NATIVE).getMethod("getInstance");
      // The method is public, its class is not.
      instance.setAccessible(true);
      return (BLAS) instance.invoke(null);
    } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
      throw new UnavailableException(
          "netlib's native interface does not load: %s (its own file goes to java.io.tmpdir, %s)"
              .formatted(UnavailableException.reason(e), System.getProperty("java.io.tmpdir")));
    }
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
    try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
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

package org.sparksae.core.linalg;

import java.lang.reflect.InvocationTargetException;
import java.util.Locale;

/**
 * Chooses the kernels by the system property {@value #PROPERTY}: {@code auto} (the default), {@code
 * vector} or {@code scalar}.
 *
 * <p>The vector kernels need the module {@code jdk.incubator.vector}, which a process has only if
 * it was started with {@code --add-modules jdk.incubator.vector}, as Spark's launcher does.
 */
final class KernelProviders {
  static final String PROPERTY = "org.sparksae.kernels";

  /** The chosen kernels, with a text that says which they are and why. */
  record Choice(KernelProvider provider, String text) {}

  private static final String VECTOR_CLASS =
      KernelProviders.class.getPackageName() + ".VectorKernels";

  private KernelProviders() {}

  /**
   * Returns the kernels for a setting; null means {@code auto}.
   *
   * @throws IllegalArgumentException if there is no such setting
   * @throws IllegalStateException if the setting is {@code vector} and the vector kernels do not
   *     work in this JVM
   */
  static Choice choose(String setting) {
    return switch (setting == null ? "auto" : setting.trim().toLowerCase(Locale.ROOT)) {
      case "auto" -> vectorOrScalar();
      case "vector" -> vector();
      case "scalar" -> scalar("-D" + PROPERTY + "=scalar");
      default ->
          throw new IllegalArgumentException(
              PROPERTY + " must be one of auto, vector, scalar; got '" + setting + "'");
    };
  }

  private static Choice vectorOrScalar() {
    try {
      return vector();
    } catch (IllegalStateException e) {
      return scalar(e.getMessage());
    }
  }

  private static Choice scalar(String reason) {
    KernelProvider provider = new ScalarKernels();
    return new Choice(provider, provider.description() + ": " + reason);
  }

  /** Loads the class by name: it can be loaded, and compiled, only if the module is present. */
  private static Choice vector() {
    try {
      KernelProvider provider =
          (KernelProvider) Class.forName(VECTOR_CLASS).getDeclaredConstructor().newInstance();
      return new Choice(provider, provider.description());
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "vector kernels need Java to be started with --add-modules jdk.incubator.vector", e);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(e.getCause().getMessage(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no vector kernels (" + e + ")", e);
    }
  }
}

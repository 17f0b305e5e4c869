package org.sparksae.core.linalg.blas;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.sparksae.core.Text;
import org.sparksae.core.linalg.natives.UnavailableException;

/**
 * Chooses the backend in order of preference: a system BLAS if one is configured, otherwise the
 * OpenBLAS of our jar, otherwise netlib's Java. If a backend is forced, it is used or the choice
 * fails; it is never replaced.
 */
final class BackendChoice {
  static final String AUTO = "auto";
  static final String OPENBLAS = "openblas";
  static final String SYSTEM = "system";
  static final String JAVA = "java";
  static final String VECTOR = "vector";
  static final List<String> NAMES = List.of(AUTO, OPENBLAS, SYSTEM, JAVA, VECTOR);

  /** Loads one backend. */
  interface Loader {
    BlasBackend load() throws UnavailableException;
  }

  private final String wanted;
  private final boolean systemConfigured;
  private final Loader openBlas;
  private final Loader system;
  private final Loader vector;
  private final Loader java;

  BackendChoice(Properties properties, Map<String, String> environment) {
    this(
        properties,
        () -> new BundledOpenBlas(properties, environment).load(),
        () -> new SystemBlas(properties, environment).load(),
        JavaBackend::vector,
        JavaBackend::best);
  }

  BackendChoice(Properties properties, Loader openBlas, Loader system, Loader vector, Loader java) {
    this.wanted = properties.getProperty(BlasBackend.PROPERTY, AUTO).strip();
    this.systemConfigured = SystemBlas.isConfigured(properties);
    this.openBlas = openBlas;
    this.system = system;
    this.vector = vector;
    this.java = java;
  }

  /**
   * Chooses and loads a backend.
   *
   * @throws IllegalArgumentException if the property names no backend, or one that cannot be loaded
   */
  BlasBackend choose() {
    return switch (wanted) {
      case AUTO, "" -> best();
      case OPENBLAS -> forced(openBlas);
      case SYSTEM -> forced(system);
      case VECTOR -> forced(vector);
      case JAVA -> forced(java);
      default ->
          throw new IllegalArgumentException(
              Text.format(
                  "%s must be one of %s, got '%s'",
                  BlasBackend.PROPERTY, String.join(", ", NAMES), wanted));
    };
  }

  private BlasBackend best() {
    List<String> failures = new ArrayList<>();
    if (systemConfigured) {
      try {
        return system.load();
      } catch (UnavailableException e) {
        failures.add("the configured system BLAS cannot be used: " + e.getMessage());
      }
    }
    try {
      return afterFailures(openBlas.load(), failures, "");
    } catch (UnavailableException e) {
      failures.add("the OpenBLAS of the jar cannot be used: " + e.getMessage());
    }
    try {
      return afterFailures(
          java.load(),
          failures,
          "; Java takes 2 to 8 times as long as native BLAS: remove the cause, or install a BLAS"
              + Text.format(
                  " and set -D%s=%s, or accept it with -D%s=%s",
                  BlasBackend.PROPERTY, SYSTEM, BlasBackend.PROPERTY, JAVA));
    } catch (UnavailableException e) {
      throw new IllegalArgumentException(String.join("; ", failures) + "; " + e.getMessage());
    }
  }

  private static BlasBackend afterFailures(
      BlasBackend backend, List<String> failures, String consequence) {
    return failures.isEmpty()
        ? backend
        : new BlasBackend(
            backend.blas(),
            backend.name(),
            Text.format("%s; so %s%s", String.join("; ", failures), backend.reason(), consequence),
            true);
  }

  private BlasBackend forced(Loader loader) {
    try {
      BlasBackend backend = loader.load();
      String reason = Text.format("-D%s=%s; %s", BlasBackend.PROPERTY, wanted, backend.reason());
      return new BlasBackend(backend.blas(), backend.name(), reason, backend.secondChoice());
    } catch (UnavailableException e) {
      throw new IllegalArgumentException(
          Text.format(
              "%s is %s, which cannot be used here: %s; set it to %s to use the best available",
              BlasBackend.PROPERTY, wanted, e.getMessage(), AUTO));
    }
  }
}

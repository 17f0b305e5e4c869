package org.sparksae.core.linalg.bfloat16;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.sparksae.core.Text;
import org.sparksae.core.linalg.natives.UnavailableException;

/**
 * Chooses oneDNN if it can be used and is fast, otherwise float32 products of rounded values. If
 * one is forced, it is used or the choice fails; it is never replaced.
 */
final class Bfloat16Choice {
  static final String AUTO = "auto";
  static final String ONEDNN = "onednn";
  static final String FLOAT32 = "float32";
  static final String EMULATED = "emulated";

  private static final List<String> NAMES = List.of(AUTO, ONEDNN, FLOAT32, EMULATED);

  /** Loads oneDNN. */
  interface Loader {
    Bfloat16Backend load() throws UnavailableException;
  }

  private final String wanted;
  private final Loader oneDnn;

  Bfloat16Choice(Properties properties, Map<String, String> environment) {
    this(properties, () -> new OneDnnLoader(properties, environment).load());
  }

  Bfloat16Choice(Properties properties, Loader oneDnn) {
    this.wanted = properties.getProperty(Bfloat16Backend.PROPERTY, AUTO).strip();
    this.oneDnn = oneDnn;
  }

  /**
   * Chooses and loads a backend.
   *
   * @throws IllegalArgumentException if the property names none, or one that cannot be used here
   */
  Bfloat16Backend choose() {
    return switch (wanted) {
      case AUTO, "" -> best();
      case ONEDNN -> forced();
      case FLOAT32 -> Bfloat16Backend.rounded(wanted());
      case EMULATED -> Bfloat16Backend.rounded(wanted()).asIfFast();
      default ->
          throw new IllegalArgumentException(
              Text.format(
                  "%s must be one of %s, got '%s'",
                  Bfloat16Backend.PROPERTY, String.join(", ", NAMES), wanted));
    };
  }

  private Bfloat16Backend best() {
    try {
      return oneDnn.load();
    } catch (UnavailableException e) {
      return Bfloat16Backend.rounded(e.getMessage());
    } catch (RuntimeException | LinkageError e) {
      // Whatever is wrong with it, it is optional.
      return Bfloat16Backend.rounded("oneDNN cannot be used: " + UnavailableException.reason(e));
    }
  }

  private Bfloat16Backend forced() {
    try {
      Bfloat16Backend backend = oneDnn.load();
      String reason = wanted() + "; " + backend.reason();
      return new Bfloat16Backend(backend.products(), backend.name(), reason, backend.isFast());
    } catch (UnavailableException e) {
      throw new IllegalArgumentException(
          Text.format(
              "%s is %s, which cannot be used here: %s; set it to %s to use the best available",
              Bfloat16Backend.PROPERTY, wanted, e.getMessage(), AUTO));
    }
  }

  private String wanted() {
    return Text.format("-D%s=%s", Bfloat16Backend.PROPERTY, wanted);
  }
}

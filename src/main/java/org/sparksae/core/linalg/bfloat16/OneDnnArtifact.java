package org.sparksae.core.linalg.bfloat16;

import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sparksae.core.Text;
import org.sparksae.core.linalg.natives.NativeBundle;
import org.sparksae.core.linalg.natives.UnavailableException;

/**
 * The artifact {@code org.bytedeco:dnnl}, if it is on the class path. Its native libraries are
 * files in it like any others, and its Java classes are not needed.
 */
final class OneDnnArtifact {
  /** The only platform on which oneDNN was measured to be faster. */
  static final String PLATFORM = "linux-x86_64";

  static final String LIBRARY = "libdnnl.so.3";
  private static final String OPENMP = "libgomp.so.1";
  private static final String FOLDER = "org/bytedeco/dnnl/" + PLATFORM + "/";

  /** A file that each of its jars has. */
  private static final String ANY = "META-INF/maven/org.bytedeco/dnnl/pom.properties";

  /** What messages tell the user to add. */
  static final String JAR = "dnnl-3.11-1.5.13-" + PLATFORM + ".jar";

  private OneDnnArtifact() {}

  /**
   * Returns the places of oneDNN's library, one or more.
   *
   * @param loaders where to look for it; null entries are ignored
   * @throws UnavailableException if it is not there
   */
  static List<URL> find(List<ClassLoader> loaders) throws UnavailableException {
    try {
      List<URL> libraries = resources(loaders, FOLDER + LIBRARY);
      if (libraries.isEmpty()) {
        throw new UnavailableException(missing(resources(loaders, ANY)));
      }
      return libraries;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * Returns the native libraries at a place. Several places must have the same, as in local mode,
   * where Spark copies the jars of {@code --jars}.
   *
   * @throws UnavailableException if they differ
   */
  static NativeBundle bundle(List<URL> libraries) throws UnavailableException {
    try {
      Map<String, NativeBundle> found = new LinkedHashMap<>();
      Map<String, String> places = new LinkedHashMap<>();
      for (URL library : libraries) {
        List<URL> files = List.of(new URL(library, OPENMP), library);
        NativeBundle bundle = NativeBundle.of("onednn-" + PLATFORM, files);
        found.put(bundle.digest(), bundle);
        places.putIfAbsent(bundle.digest(), jar(library));
      }
      if (found.size() > 1) {
        throw new UnavailableException(
            "the class path has different versions of org.bytedeco:dnnl, leave one: "
                + String.join(", ", places.values()));
      }
      return found.values().iterator().next();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static UnavailableException unreadable(IOException e) {
    return new UnavailableException(
        "org.bytedeco:dnnl cannot be read: " + UnavailableException.reason(e));
  }

  private static String missing(List<URL> others) {
    return others.isEmpty()
        ? "no org.bytedeco:dnnl on the class path: add --jars " + JAR
        : Text.format(
            "%s is not org.bytedeco:dnnl for this platform: add --jars %s",
            jar(others.get(0)), JAR);
  }

  /** Returns each place once, though loaders find what their parents have. */
  private static List<URL> resources(List<ClassLoader> loaders, String name) throws IOException {
    Map<String, URL> places = new LinkedHashMap<>();
    for (ClassLoader loader : loaders) {
      if (loader != null) {
        loader.getResources(name).asIterator().forEachRemaining(u -> places.put(u.toString(), u));
      }
    }
    return new ArrayList<>(places.values());
  }

  /** Returns the path of a jar, or of a file that is in none. */
  private static String jar(URL resource) {
    return resource.getPath().replaceFirst("^file:", "").replaceFirst("!/.*$", "");
  }
}

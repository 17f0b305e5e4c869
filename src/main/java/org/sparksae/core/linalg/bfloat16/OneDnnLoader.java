package org.sparksae.core.linalg.bfloat16;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.sparksae.core.Text;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.natives.Extraction;
import org.sparksae.core.linalg.natives.NativeBundle;
import org.sparksae.core.linalg.natives.NativeDirectories;
import org.sparksae.core.linalg.natives.SharedLibraries;
import org.sparksae.core.linalg.natives.UnavailableException;

/** Extracts oneDNN from its artifact, loads it and tries it. */
final class OneDnnLoader {
  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

  private final String platform;
  private final List<Path> candidates;
  private final List<ClassLoader> classes;
  private final Path processor;

  OneDnnLoader(Properties properties, Map<String, String> environment) {
    this(
        NativeBundle.platform(properties),
        NativeDirectories.candidates(properties, environment),
        classLoaders(),
        PROCESSOR);
  }

  /**
   * @param classes find the artifact; null entries are ignored
   * @param processor the file in which the system describes the processor
   */
  OneDnnLoader(String platform, List<Path> candidates, List<ClassLoader> classes, Path processor) {
    this.platform = platform;
    this.candidates = candidates;
    this.classes = classes;
    this.processor = processor;
  }

  /** Spark's executors load the jars of {@code --jars} by the thread's class loader. */
  private static List<ClassLoader> classLoaders() {
    return Arrays.asList(
        Thread.currentThread().getContextClassLoader(), OneDnnLoader.class.getClassLoader());
  }

  /**
   * Loads oneDNN's products of bfloat16.
   *
   * @throws UnavailableException with the reason, if they cannot be used or would be slow
   */
  Bfloat16Backend load() throws UnavailableException {
    if (!platform.equals(OneDnnArtifact.PLATFORM)) {
      throw new UnavailableException(
          Text.format("oneDNN is used on %s only, this is %s", OneDnnArtifact.PLATFORM, platform));
    }
    List<URL> libraries = OneDnnArtifact.find(classes);
    if (!mayHaveInstructions()) {
      throw new UnavailableException("this processor has neither AVX512_BF16 nor AMX");
    }
    NativeBundle bundle = OneDnnArtifact.bundle(libraries);
    Path[] place = new Path[1];
    OneDnn oneDnn =
        NativeDirectories.first(
            candidates,
            parent -> {
              place[0] = Extraction.extract(bundle, parent);
              return open(place[0], parent);
            });
    return backend(oneDnn, "org.bytedeco:dnnl is on the class path, extracted to " + place[0]);
  }

  /** Asks the system before 90 MB are read; if it does not say, oneDNN itself will. */
  private boolean mayHaveInstructions() {
    try {
      String text = Files.readString(processor);
      return text.contains(" avx512_bf16") || text.contains(" amx_bf16");
    } catch (IOException e) {
      return true;
    }
  }

  /** What a directory cannot change is not tried in the next one. */
  private static Bfloat16Backend backend(OneDnn oneDnn, String place) throws UnavailableException {
    String instructions = oneDnn.instructions();
    if (instructions == null) {
      throw new UnavailableException(
          "oneDNN finds neither AVX512_BF16 nor AMX to use: the system or ONEDNN_MAX_CPU_ISA"
              + " forbids it");
    }
    OneDnnProducts products = new OneDnnProducts(oneDnn, ElementType.BFLOAT16);
    requireProduct(products);
    return new Bfloat16Backend(
        products, Text.format("oneDNN %s (%s)", oneDnn.version(), instructions), place, true);
  }

  /** Opens the library in a directory of extracted files. */
  static OneDnn open(Path directory, Path parent) throws UnavailableException {
    SharedLibraries libraries = SharedLibraries.open(parent);
    Path library = directory.resolve(OneDnnArtifact.LIBRARY);
    try {
      return new OneDnn(libraries, libraries.load(library.toString()));
    } catch (UnavailableException e) {
      throw e.getMessage().contains("cannot open shared object")
          ? new UnavailableException(
              e.getMessage() + " (oneDNN needs the C++ library: install libstdc++6)")
          : e;
    }
  }

  /**
   * Tries a product whose result is known.
   *
   * @throws UnavailableException if the result is another
   */
  static void requireProduct(Bfloat16Products products) throws UnavailableException {
    int size = 48;
    DenseRows ones = DenseRows.zeros(size, size);
    Arrays.fill(ones.values(), 1f);
    Bfloat16Products.Matrix matrix = products.matrix(size, size);
    matrix.round(ones, 0);
    DenseRows c = DenseRows.zeros(size, size);
    products.timesTransposed(matrix, matrix, 0, c);
    for (float sum : c.values()) {
      if (sum != size) {
        throw new UnavailableException(Text.format("oneDNN says that %d times 1 is %s", size, sum));
      }
    }
  }
}

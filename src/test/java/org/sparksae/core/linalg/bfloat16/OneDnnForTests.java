package org.sparksae.core.linalg.bfloat16;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.sparksae.core.linalg.natives.Extraction;
import org.sparksae.core.linalg.natives.NativeBundle;
import org.sparksae.core.linalg.natives.NativeDirectories;

/** The real oneDNN of the tests' class path, on any processor. */
final class OneDnnForTests {
  static final List<ClassLoader> CLASSES = List.of(OneDnnForTests.class.getClassLoader());

  private static OneDnn library;

  private OneDnnForTests() {}

  static void assumePlatform() {
    String here = NativeBundle.platform(System.getProperties());
    assumeTrue(here.equals(OneDnnArtifact.PLATFORM), "oneDNN is not used on " + here);
  }

  static synchronized OneDnn library() throws Exception {
    assumePlatform();
    if (library == null) {
      Path parent = NativeDirectories.candidates(System.getProperties(), Map.of()).get(0);
      NativeBundle bundle = OneDnnArtifact.bundle(OneDnnArtifact.find(CLASSES));
      library = OneDnnLoader.open(Extraction.extract(bundle, parent), parent);
    }
    return library;
  }

  /** Cancels the test if the processor does not multiply this type. */
  static Bfloat16Products products(ElementType type) throws Exception {
    OneDnn oneDnn = library();
    assumeTrue(
        type == ElementType.FLOAT32 || oneDnn.instructions() != null,
        "this processor has neither AVX512_BF16 nor AMX");
    return new OneDnnProducts(oneDnn, type);
  }
}

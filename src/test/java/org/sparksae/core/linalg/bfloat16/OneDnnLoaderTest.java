package org.sparksae.core.linalg.bfloat16;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.sparksae.core.linalg.natives.Messages.assertContains;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.core.linalg.natives.NativeBundle;
import org.sparksae.core.linalg.natives.UnavailableException;

/** Artifacts that are there, are not, or are broken; and processors. */
class OneDnnLoaderTest {
  private static final String FOLDER = "org/bytedeco/dnnl/linux-x86_64/";

  @TempDir private Path scratch;

  private Path processor;

  @BeforeEach
  void aProcessorWithTheInstructions() throws IOException {
    OneDnnForTests.assumePlatform();
    processor = Files.writeString(scratch.resolve("cpuinfo"), "flags\t: fpu avx512_bf16 amx_bf16");
  }

  /** The version that messages and documents name is the tested one. */
  @Test
  void theTestedVersionIsRecommended() throws Exception {
    assertContains(
        OneDnnArtifact.find(OneDnnForTests.CLASSES).toString(), "/" + OneDnnArtifact.JAR + "!/");
    assertContains(
        Files.readString(Path.of("src/site/markdown/native-blas.md")), OneDnnArtifact.JAR);
    assertContains(Files.readString(Path.of("conf/local.properties")), OneDnnArtifact.JAR);
  }

  @Test
  void withoutTheArtifactTheReasonSaysWhatToAdd() {
    assertUnavailable(
        loader(List.of(scratch.resolve("none"))),
        "no org.bytedeco:dnnl on the class path: add --jars dnnl-",
        "-linux-x86_64.jar");
  }

  /** As the jar without a classifier, which has the Java classes, or that of another platform. */
  @Test
  void anArtifactOfAnotherPlatformIsNotEnough() throws Exception {
    Path other = scratch.resolve("dnnl-linux-arm64");
    Path properties = other.resolve("META-INF/maven/org.bytedeco/dnnl/pom.properties");
    Files.createDirectories(properties.getParent());
    Files.writeString(properties, "version=1");
    assertUnavailable(
        loader(List.of(other)), other.toString(), "is not org.bytedeco:dnnl for this platform");
  }

  @Test
  void anotherPlatformDoesNotUseIt() {
    OneDnnLoader loader =
        new OneDnnLoader("linux-arm64", List.of(scratch), OneDnnForTests.CLASSES, processor);
    assertUnavailable(loader, "oneDNN is used on linux-x86_64 only, this is linux-arm64");
  }

  @Test
  void aProcessorWithoutTheInstructionsIsAReasonBeforeAnythingIsExtracted() throws Exception {
    Path older = Files.writeString(scratch.resolve("older"), "flags\t: fpu avx2 avx512f");
    Path natives = scratch.resolve("natives");
    assertUnavailable(
        new OneDnnLoader(OneDnnArtifact.PLATFORM, List.of(natives), OneDnnForTests.CLASSES, older),
        "this processor has neither AVX512_BF16 nor AMX");
    assertFalse(Files.exists(natives));
  }

  /** Whatever the system says, oneDNN decides: a hypervisor or a variable may forbid it. */
  @Test
  void oneDnnItselfIsAsked() throws Exception {
    assumeTrue(
        OneDnnForTests.library().instructions() == null, "this processor has the instructions");
    assertUnavailable(
        new OneDnnLoader(
            OneDnnArtifact.PLATFORM,
            List.of(scratch.resolve("natives")),
            OneDnnForTests.CLASSES,
            processor),
        "oneDNN finds neither AVX512_BF16 nor AMX to use: the system or ONEDNN_MAX_CPU_ISA");
  }

  @Test
  void whereTheInstructionsAreItMultiplies() throws Exception {
    assumeTrue(
        OneDnnForTests.library().instructions() != null,
        "this processor has neither AVX512_BF16 nor AMX");
    Bfloat16Backend backend =
        new OneDnnLoader(
                OneDnnArtifact.PLATFORM,
                List.of(scratch.resolve("natives")),
                OneDnnForTests.CLASSES,
                Path.of("/proc/cpuinfo"))
            .load();
    assertContains(backend.name(), "oneDNN 3.", OneDnnForTests.library().instructions());
    assertContains(backend.reason(), scratch.toString());
    assertTrue(backend.isFast());
  }

  @Test
  void aWrongProductIsAReason() throws Exception {
    OneDnnLoader.requireProduct(OneDnnForTests.products(ElementType.FLOAT32));
    Bfloat16Products wrong =
        (Bfloat16Products)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Bfloat16Products.class},
                (proxy, method, arguments) ->
                    method.getName().equals("matrix") ? new RoundedFloats().matrix(48, 48) : null);
    assertContains(
        assertThrows(UnavailableException.class, () -> OneDnnLoader.requireProduct(wrong))
            .getMessage(),
        "oneDNN says that 48 times 1 is 0.0");
  }

  /** As in an image without a C++ library. */
  @Test
  void aLibraryThatMissesAnotherSaysWhich() throws Exception {
    byte[] bytes;
    URL library = OneDnnArtifact.find(OneDnnForTests.CLASSES).get(0);
    try (InputStream in = library.openStream()) {
      bytes = in.readAllBytes();
    }
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int at = text.indexOf("\0libstdc++.so.6\0") + 1;
    bytes[at + "libst".length()] = 'x';
    Path artifact = artifact("artifact", bytes);
    try (InputStream in = new URL(library, "libgomp.so.1").openStream()) {
      Files.copy(
          in,
          Files.createDirectories(artifact.resolve(FOLDER)).resolve("libgomp.so.1"),
          StandardCopyOption.REPLACE_EXISTING);
    }
    assertUnavailable(
        loader(List.of(artifact)),
        "libstxc++.so.6: cannot open shared object file",
        "install libstdc++6");
  }

  @Test
  void aLibraryThatIsNoneIsAReason() throws Exception {
    assertUnavailable(
        loader(List.of(artifact("artifact", "no library ".repeat(99).getBytes()))),
        "natives",
        "invalid ELF header");
  }

  @Test
  void anArtifactWithoutOpenMpIsAReason() throws Exception {
    Path artifact = artifact("artifact", new byte[9]);
    Files.delete(artifact.resolve(FOLDER + "libgomp.so.1"));
    assertUnavailable(
        loader(List.of(artifact)), "org.bytedeco:dnnl cannot be read", "libgomp.so.1");
  }

  @Test
  void differentVersionsAreRefusedAndEqualCopiesAreOne() throws Exception {
    Path one = artifact("one", "version 1".getBytes());
    Path copy = artifact("copy", "version 1".getBytes());
    Path two = artifact("two", "version 2".getBytes());
    NativeBundle bundle = OneDnnArtifact.bundle(OneDnnArtifact.find(classes(List.of(one, copy))));
    assertEquals(
        List.of("libgomp.so.1", "libdnnl.so.3"),
        bundle.entries().stream().map(NativeBundle.Entry::file).toList());
    assertUnavailable(
        loader(List.of(one, copy, two)),
        "different versions of org.bytedeco:dnnl, leave one: ",
        one.toString(),
        two.toString());
  }

  private Path artifact(String name, byte[] library) throws IOException {
    Path artifact = scratch.resolve(name);
    Path folder = Files.createDirectories(artifact.resolve(FOLDER));
    Files.write(folder.resolve("libdnnl.so.3"), library);
    Files.writeString(folder.resolve("libgomp.so.1"), "OpenMP");
    return artifact;
  }

  private OneDnnLoader loader(List<Path> classPath) {
    return new OneDnnLoader(
        OneDnnArtifact.PLATFORM,
        List.of(scratch.resolve("natives")),
        classes(classPath),
        processor);
  }

  /** One loader for each place, and one for all, as an application's and its container's. */
  private static List<ClassLoader> classes(List<Path> classPath) {
    List<URL> urls = new ArrayList<>();
    List<ClassLoader> loaders = new ArrayList<>();
    loaders.add(null);
    try {
      for (Path place : classPath) {
        urls.add(place.toUri().toURL());
        loaders.add(new URLClassLoader(new URL[] {urls.get(urls.size() - 1)}, null));
      }
    } catch (MalformedURLException e) {
      throw new AssertionError(e);
    }
    loaders.add(new URLClassLoader(urls.toArray(URL[]::new), null));
    return loaders;
  }

  private static void assertUnavailable(OneDnnLoader loader, String... parts) {
    assertContains(assertThrows(UnavailableException.class, loader::load).getMessage(), parts);
  }
}

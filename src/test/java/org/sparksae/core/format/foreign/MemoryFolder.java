package org.sparksae.core.format.foreign;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A folder whose files can be damaged. */
record MemoryFolder(Map<String, byte[]> files) implements Folder {
  private static final Path FIXTURES = Path.of("src/test/resources/foreign");

  /** What another library made, without what it computes. */
  static MemoryFolder fixture(String name) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> paths = Files.list(FIXTURES.resolve(name))) {
      for (Path path : paths.toList()) {
        files.put(path.getFileName().toString(), Files.readAllBytes(path));
      }
    }
    files.remove("expected.safetensors");
    return new MemoryFolder(files);
  }

  static Stream<String> fixtures() throws IOException {
    try (Stream<Path> paths = Files.list(FIXTURES)) {
      List<String> names =
          paths
              .filter(Files::isDirectory)
              .map(path -> path.getFileName().toString())
              .sorted()
              .toList();
      return names.stream();
    }
  }

  ForeignFormat.Imported read() throws IOException {
    return ForeignFormat.read(this, null, values -> {});
  }

  @Override
  public List<String> names() {
    return new ArrayList<>(files.keySet());
  }

  @Override
  public long length(String name) {
    return files.get(name).length;
  }

  @Override
  public InputStream open(String name) {
    return new ByteArrayInputStream(files.get(name));
  }
}

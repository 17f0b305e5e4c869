package org.sparksae.examples.activations;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.sparksae.core.Text;

/** Reads a file in a jar. */
final class JarEntry {
  private JarEntry() {}

  /**
   * Returns the content of the first file whose name has an ending.
   *
   * @throws IllegalArgumentException if there is none
   */
  static byte[] read(Path jar, String ending) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      ZipEntry entry =
          zip.stream()
              .filter(each -> each.getName().endsWith(ending))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          Text.format("%s has no file that ends in %s", jar, ending)));
      try (InputStream in = zip.getInputStream(entry)) {
        return in.readAllBytes();
      }
    }
  }
}

package org.sparksae.core.linalg.natives;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.sparksae.core.Digests;
import org.sparksae.core.Text;

/**
 * Extracts the files of a bundle to its own directory, once for all JVMs of a user.
 *
 * <p>A file is written under a temporary name and then renamed. So a JVM finds a complete file or
 * none, and two JVMs that extract at the same time both succeed. An existing file is used if its
 * SHA-256 is right and otherwise replaced by a rename; a JVM that has loaded the old file keeps it.
 */
public final class Extraction {
  private static final int BUFFER = 1 << 16;

  private Extraction() {}

  /**
   * Makes sure that the files exist, complete and unchanged.
   *
   * @param parent the parent directory, which {@link NativeDirectories#ensure} checks or creates
   * @return the directory with the bundle's files
   * @throws IOException if the files cannot be extracted, or other users could change them
   */
  public static Path extract(NativeBundle bundle, Path parent) throws IOException {
    NativeDirectories.ensure(parent);
    Path directory = parent.resolve(bundle.name() + "-" + bundle.digest());
    NativeDirectories.ensure(directory);
    for (NativeBundle.Entry entry : bundle.entries()) {
      Path file = directory.resolve(entry.file());
      if (!isIntact(file, entry.sha256())) {
        write(entry, file);
      }
    }
    return directory;
  }

  /** Returns whether the file is readable and has the right contents. */
  private static boolean isIntact(Path file, String sha256) {
    try {
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && sha256(Files.newInputStream(file)).equals(sha256);
    } catch (IOException e) {
      return false;
    }
  }

  private static void write(NativeBundle.Entry entry, Path file) throws IOException {
    Path part = Files.createTempFile(file.getParent(), entry.file(), ".part");
    try {
      String sha256 = copy(entry.contents().open(), Files.newOutputStream(part));
      if (!sha256.equals(entry.sha256())) {
        throw new IOException(
            Text.format(
                "%s has SHA-256 %s, must be %s: the jar or the disk is damaged",
                entry.file(), sha256, entry.sha256()));
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Reads the whole stream, closes it and returns its SHA-256 in lower-case hexadecimal. */
  static String sha256(InputStream from) throws IOException {
    return copy(from, OutputStream.nullOutputStream());
  }

  /** Copies the whole stream, closes both and returns the SHA-256 of what was read. */
  private static String copy(InputStream from, OutputStream to) throws IOException {
    MessageDigest digest = Digests.sha256();
    try (to;
        DigestInputStream in = new DigestInputStream(from, digest)) {
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        to.write(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}

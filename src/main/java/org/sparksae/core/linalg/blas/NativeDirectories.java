package org.sparksae.core.linalg.blas;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.sparksae.core.Text;

/**
 * Where native libraries may be extracted to: directories that nobody but this user (and root) can
 * change, since what lies there is run.
 */
final class NativeDirectories {
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private NativeDirectories() {}

  /**
   * The directories to try, in order: the one that {@link BlasBackend#DIRECTORY_PROPERTY} names and
   * no other; else the user's cache, then one of this user's own in {@code java.io.tmpdir}, for
   * containers without a home.
   */
  static List<Path> candidates(Properties properties, Map<String, String> environment) {
    String forced = properties.getProperty(BlasBackend.DIRECTORY_PROPERTY, "");
    if (!forced.isBlank()) {
      return List.of(Path.of(forced).toAbsolutePath());
    }
    List<Path> candidates = new ArrayList<>();
    Path cache = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
    if (!cache.isAbsolute()) {
      cache = Path.of(properties.getProperty("user.home", ""), ".cache");
    }
    // An account that the machine does not know has "?" for a home.
    if (cache.isAbsolute()) {
      candidates.add(cache.resolve("sparksae"));
    }
    String user = properties.getProperty("user.name", "").replaceAll("[^A-Za-z0-9._-]", "_");
    candidates.add(Path.of(properties.getProperty("java.io.tmpdir"), "sparksae-" + user));
    return candidates;
  }

  /**
   * Makes a directory, with its parents, or checks one that is there.
   *
   * @throws IOException if it cannot be made, or others could change what lies in it
   */
  static void ensure(Path directory) throws IOException {
    if (directory.getParent() != null && !Files.exists(directory.getParent())) {
      Files.createDirectories(directory.getParent(), PRIVATE);
    }
    try {
      Files.createDirectory(directory, PRIVATE);
    } catch (FileAlreadyExistsException e) {
      requirePrivate(directory);
    }
  }

  private static void requirePrivate(Path directory) throws IOException {
    // Not followed: in a shared directory a link may be anybody's, and lead anywhere.
    if (!Files.isDirectory(directory, NOFOLLOW_LINKS)) {
      throw new IOException("is not a directory");
    }
    int owner = (Integer) Files.getAttribute(directory, "unix:uid", NOFOLLOW_LINKS);
    int self = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    if (owner != self && owner != 0) {
      throw new IOException(
          Text.format("belongs to user %d, not to this process's %d", owner, self));
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory, NOFOLLOW_LINKS);
    if (permissions.contains(PosixFilePermission.GROUP_WRITE)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new IOException(
          Text.format(
              "can be written by others (%s): chmod go-w it, or set -D%s to another directory",
              PosixFilePermissions.toString(permissions), BlasBackend.DIRECTORY_PROPERTY));
    }
  }
}

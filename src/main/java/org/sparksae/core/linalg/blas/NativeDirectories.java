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
 * The directories to extract native libraries into. Only this user (and root) may be able to change
 * them, since their contents are executed.
 */
final class NativeDirectories {
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private NativeDirectories() {}

  /**
   * Returns the directories to try, in order. If {@link BlasBackend#DIRECTORY_PROPERTY} is set, it
   * is the only one. Otherwise the user's cache comes first, and then a directory of this user in
   * {@code java.io.tmpdir}, for containers without a home.
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
    // The home of an account that the machine does not know is "?".
    if (cache.isAbsolute()) {
      candidates.add(cache.resolve("sparksae"));
    }
    String user = properties.getProperty("user.name", "").replaceAll("[^A-Za-z0-9._-]", "_");
    candidates.add(Path.of(properties.getProperty("java.io.tmpdir"), "sparksae-" + user));
    return candidates;
  }

  /**
   * Creates a directory with its parents, or checks an existing one.
   *
   * @throws IOException if it cannot be created, or other users could change its contents
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
    // Do not follow links: in a shared directory, anybody may have made a link to anywhere.
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

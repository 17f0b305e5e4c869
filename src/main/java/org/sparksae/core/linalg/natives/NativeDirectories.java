package org.sparksae.core.linalg.natives;

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
public final class NativeDirectories {
  /**
   * The system property that names the directory to extract native libraries into; no other is
   * tried.
   */
  public static final String PROPERTY = "org.sparksae.nativeDir";

  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private NativeDirectories() {}

  /** Loads something that is extracted into a directory. */
  public interface Loader<T> {
    T load(Path directory) throws UnavailableException, IOException;
  }

  /**
   * Returns what loads from the first directory where this works. A directory may be full,
   * read-only or mounted noexec.
   *
   * @throws UnavailableException with the reason for each directory
   */
  public static <T> T first(List<Path> candidates, Loader<T> loader) throws UnavailableException {
    List<String> failures = new ArrayList<>();
    for (Path directory : candidates) {
      try {
        return loader.load(directory);
      } catch (UnavailableException | IOException | RuntimeException e) {
        failures.add(directory + ": " + UnavailableException.reason(e));
      }
    }
    throw new UnavailableException(String.join("; ", failures));
  }

  /**
   * Returns the directories to try, in order. If {@link #PROPERTY} is set, it is the only one.
   * Otherwise the user's cache comes first, and then a directory of this user in {@code
   * java.io.tmpdir}, for containers without a home.
   */
  public static List<Path> candidates(Properties properties, Map<String, String> environment) {
    String forced = properties.getProperty(PROPERTY, "");
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
              PosixFilePermissions.toString(permissions), PROPERTY));
    }
  }
}

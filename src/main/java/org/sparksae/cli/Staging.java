package org.sparksae.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.sparksae.core.Text;
import org.sparksae.spark.data.HadoopPaths;

/**
 * Results that appear under their names only when they are complete.
 *
 * <p>They are made in a directory {@code _unfinished-...} beside their final places, and moved by
 * {@link #publish()}; what was there before is deleted last. Without {@code publish}, closing
 * leaves everything as it was. So does the end of the JVM, unless it is killed outright.
 */
final class Staging implements AutoCloseable {
  private final FileSystem files;
  private final Path directory;
  private final List<String> names;
  private final boolean overwrite;
  private final Path stage;
  private final boolean ownDirectory;
  private boolean keep;

  private Staging(FileSystem files, Path directory, List<String> names, boolean overwrite)
      throws IOException {
    this.files = files;
    this.directory = directory;
    this.names = names;
    this.overwrite = overwrite;
    this.stage = new Path(directory, "_unfinished-" + UUID.randomUUID());
    this.ownDirectory = !files.exists(directory);
  }

  /**
   * Prepares a place for results.
   *
   * @param directory where they go; made if it is not there
   * @param names of the results that belong together
   * @param overwrite whether results that exist are to be replaced
   * @throws IllegalArgumentException if a result exists, or the directory cannot be written to
   */
  static Staging in(Path directory, List<String> names, boolean overwrite, Configuration hadoop)
      throws IOException {
    FileSystem files = HadoopPaths.fileSystem(directory, hadoop);
    Staging staging = new Staging(files, files.makeQualified(directory), names, overwrite);
    for (String name : names) {
      Path target = new Path(staging.directory, name);
      if (!overwrite && files.exists(target)) {
        throw new IllegalArgumentException(
            Text.format(
                "%s exists already; choose another place, or replace it with --overwrite", target));
      }
    }
    staging.open();
    return staging;
  }

  /** One result at a path of its own. */
  static Staging of(Path target, boolean overwrite, Configuration hadoop) throws IOException {
    Path qualified = HadoopPaths.fileSystem(target, hadoop).makeQualified(target);
    if (qualified.isRoot()) {
      throw new IllegalArgumentException(
          Text.format("the root, %s, cannot be replaced", qualified));
    }
    return in(qualified.getParent(), List.of(qualified.getName()), overwrite, hadoop);
  }

  private void open() {
    try {
      if (!files.mkdirs(stage)) {
        throw new IOException("no directory could be made there");
      }
      files.deleteOnExit(stage);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          Text.format("cannot write to %s: %s", directory, e.getMessage()), e);
    }
  }

  /** Where to write a result. */
  Path path(String name) {
    return new Path(stage, name);
  }

  /**
   * Moves the results to their places; an old one that was not made again is removed.
   *
   * @return the names of those that were made
   */
  List<String> publish() throws IOException {
    files.cancelDeleteOnExit(stage);
    List<String> made = new ArrayList<>();
    for (String name : names) {
      if (files.exists(path(name))) {
        made.add(name);
      }
      replace(path(name), new Path(directory, name), new Path(stage, "old-" + name));
    }
    return made;
  }

  private void replace(Path made, Path target, Path old) throws IOException {
    boolean existed = files.exists(target);
    if (existed && !overwrite) {
      throw new IOException(target + " was created meanwhile by another run; it is left as it is");
    }
    if (existed) {
      move(target, old);
    }
    if (!files.exists(made)) {
      return;
    }
    try {
      move(made, target);
    } catch (IOException e) {
      keep = existed && !files.rename(old, target);
      throw e;
    }
  }

  private void move(Path from, Path to) throws IOException {
    if (!files.rename(from, to)) {
      throw new IOException(Text.format("could not rename %s to %s", from, to));
    }
  }

  @Override
  public void close() throws IOException {
    files.cancelDeleteOnExit(stage);
    if (keep) {
      return;
    }
    files.delete(stage, true);
    if (ownDirectory && files.listStatus(directory).length == 0) {
      files.delete(directory, false);
    }
  }
}

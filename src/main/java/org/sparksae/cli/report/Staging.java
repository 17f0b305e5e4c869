package org.sparksae.cli.report;

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
 * Lets results appear under their names only when they are complete.
 *
 * <p>They are written to a directory {@code _unfinished-...} beside their final places, and moved
 * by {@link #publish()}; older results are deleted last. Closing without {@code publish} leaves
 * everything as it was, and so does the end of the JVM, unless it is killed outright.
 */
public final class Staging implements AutoCloseable {
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
   * Prepares to write results that belong together.
   *
   * @param directory where they go; created if it is missing
   * @param names names of the results
   * @param overwrite whether to replace existing results
   * @throws IllegalArgumentException if a result exists, or the directory is not writable
   */
  public static Staging in(
      Path directory, List<String> names, boolean overwrite, Configuration hadoop)
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

  /** Prepares to write one result. */
  public static Staging of(Path target, boolean overwrite, Configuration hadoop)
      throws IOException {
    Path qualified = HadoopPaths.fileSystem(target, hadoop).makeQualified(target);
    if (qualified.isRoot()) {
      throw new IllegalArgumentException(
          Text.format("cannot replace the root directory, %s", qualified));
    }
    return in(qualified.getParent(), List.of(qualified.getName()), overwrite, hadoop);
  }

  private void open() {
    try {
      if (!files.mkdirs(stage)) {
        throw new IOException("no directory could be created there");
      }
      files.deleteOnExit(stage);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          Text.format("cannot write to %s: %s", directory, e.getMessage()), e);
    }
  }

  /** Where to write the results. */
  public Path directory() {
    return stage;
  }

  /** Where to write a result. */
  public Path path(String name) {
    return new Path(stage, name);
  }

  /**
   * Moves the results to their places. An old result that was not written again is removed.
   *
   * @return the names of the results that were written
   */
  public List<String> publish() throws IOException {
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
      throw new IOException(target + " was created by another run meanwhile; it stays as it is");
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

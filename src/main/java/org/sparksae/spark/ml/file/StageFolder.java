package org.sparksae.spark.ml.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.sparksae.spark.data.HadoopPaths;

/**
 * The directory of a saved stage. Its files appear whole or not at all.
 *
 * <p>A Spark Connect server keeps each model in a directory of its own local disk ({@code
 * saveToLocal}), whatever {@code fs.defaultFS} says. Spark tells its own writers so by a variable
 * of the thread, since version 4.1.
 */
final class StageFolder {
  private final FileSystem files;
  private final Path path;

  StageFolder(String path, Configuration hadoop) throws IOException {
    this.path = new Path(path);
    this.files =
        isOnLocalDisk() ? FileSystem.getLocal(hadoop) : HadoopPaths.fileSystem(this.path, hadoop);
  }

  /** Writes the content of a file; does not close the stream. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Reads a file; does not close the stream.
   *
   * @param <T> what is read
   */
  @FunctionalInterface
  interface Reading<T> {
    T from(InputStream in, long length) throws IOException;
  }

  FileSystem files() {
    return files;
  }

  Path path(String name) {
    return new Path(path, name);
  }

  boolean has(String name) throws IOException {
    return files.exists(path(name));
  }

  void write(String name, Content content) throws IOException {
    Path unfinished = path("_" + name + ".unfinished");
    try (OutputStream out = files.create(unfinished, true)) {
      content.writeTo(out);
    }
    if (!files.rename(unfinished, path(name))) {
      throw new IOException("cannot rename " + unfinished + " to " + path(name));
    }
  }

  /**
   * Reads a file.
   *
   * @throws java.io.FileNotFoundException if there is none
   */
  <T> T read(String name, Reading<T> reading) throws IOException {
    long length = files.getFileStatus(path(name)).getLen();
    try (InputStream in = files.open(path(name))) {
      return reading.from(in, length);
    }
  }

  private static boolean isOnLocalDisk() {
    try {
      Object state =
          Class.forName("org.apache.spark.ml.util.ReadWriteUtils")
              .getMethod("localSavingModeState")
              .invoke(null);
      return (Boolean) ((ThreadLocal<?>) state).get();
    } catch (ClassNotFoundException before41) {
      return false;
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("this version of Spark saves to local disks differently", e);
    }
  }
}

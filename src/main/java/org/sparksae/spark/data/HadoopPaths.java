package org.sparksae.spark.data;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.sparksae.core.Text;

/** Paths on Hadoop's file systems. Each names one file or directory, and is not a pattern. */
public final class HadoopPaths {
  private HadoopPaths() {}

  /**
   * Returns the file system of a path.
   *
   * @throws IOException if there is none; the message names the missing class if Hadoop knows the
   *     scheme but lacks its jar
   */
  public static FileSystem fileSystem(Path path, Configuration hadoop) throws IOException {
    try {
      return path.getFileSystem(hadoop);
    } catch (RuntimeException e) {
      if (!(e.getCause() instanceof ClassNotFoundException)) {
        throw e;
      }
      throw new IOException(
          Text.format(
              "the class of file system %s:// is missing (%s); add the jar that has it, for s3a hadoop-aws in the version of this Hadoop, by --packages or --jars",
              path.toUri().getScheme(), e.getCause().getMessage()),
          e);
    }
  }

  /**
   * Returns a pattern that matches only this path, for Spark's readers, which treat every path as a
   * pattern.
   */
  public static String pattern(String path) {
    return path.replaceAll("[\\\\*?{}\\[\\]]", "\\\\$0");
  }
}

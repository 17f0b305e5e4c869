package org.sparksae.spark.data;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.sparksae.core.Text;

/** Paths of Hadoop's file systems, each of which names one file or directory and no pattern. */
public final class HadoopPaths {
  private HadoopPaths() {}

  /**
   * The file system of a path.
   *
   * @throws IOException if there is none, saying which class is missing where Hadoop knows the
   *     scheme but has not its jar
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
   * A pattern that matches one path alone, for readers of Spark that take every path for a pattern.
   */
  public static String pattern(String path) {
    return path.replaceAll("[\\\\*?{}\\[\\]]", "\\\\$0");
  }
}

package org.sparksae.spark.ml.file;

import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.sparksae.core.Text;
import scala.Option;

/**
 * Spark's metadata files.
 *
 * <p>They are written by the overload that every supported Spark version has; the one with a
 * SparkSession came with 4.0. They are read here because Spark's own reader takes a path as a
 * pattern and would look for the directory {@code run[1]} under the name {@code run1}.
 */
@SuppressWarnings("deprecation")
public final class SparkMetadata {
  private static final String DIRECTORY = "metadata";

  private SparkMetadata() {}

  static void save(Params instance, String path, SparkContext context) {
    DefaultParamsWriter.saveMetadata(instance, path, context, Option.empty(), Option.empty());
  }

  /**
   * Reads an instance and its Params.
   *
   * @param ofUid makes an instance with a uid
   * @throws IllegalArgumentException naming the path, if there are no such metadata, or they are of
   *     another class, damaged, or against a Param's rule
   */
  public static <T extends Params> T load(
      String path, Configuration hadoop, Class<T> expected, Function<String, T> ofUid) {
    DefaultParamsReader.Metadata metadata = read(path, hadoop, expected);
    T instance = ofUid.apply(metadata.uid());
    try {
      metadata.getAndSetParams(instance, Option.empty());
    } catch (Exception e) { // Scala throws checked ones, too, and does not declare them.
      throw damaged(path, e);
    }
    return instance;
  }

  /**
   * Reads the metadata of an instance of a class; refuses those of another class, which it names.
   */
  public static DefaultParamsReader.Metadata read(
      String path, Configuration hadoop, Class<?> expected) {
    DefaultParamsReader.Metadata metadata = read(path, hadoop);
    String found = metadata.className();
    if (!found.equals(expected.getName())) {
      String name = found.substring(found.lastIndexOf('.') + 1);
      throw new IllegalArgumentException(
          Text.format(
              "%s holds a %s, not a %s; load it by %s.load",
              path, found, expected.getSimpleName(), name));
    }
    return metadata;
  }

  /**
   * Reads the metadata of a saved instance.
   *
   * @throws IllegalArgumentException naming the path, if there are no metadata, or they are damaged
   */
  public static DefaultParamsReader.Metadata read(String path, Configuration hadoop) {
    try {
      return DefaultParamsReader.parseMetadata(text(new StageFolder(path, hadoop), hadoop), "");
    } catch (FileNotFoundException e) {
      throw new IllegalArgumentException(
          Text.format("%s is not the directory of a saved stage: %s", path, e.getMessage()), e);
    } catch (Exception e) { // Scala throws checked ones, too, and does not declare them.
      throw damaged(path, e);
    }
  }

  private static IllegalArgumentException damaged(String path, Exception e) {
    return new IllegalArgumentException(
        Text.format("the metadata in %s are damaged or cannot be read: %s", path, e.getMessage()),
        e);
  }

  /**
   * The first line of the files, which is all that Spark's reader looks at. On the local disk of a
   * Connect server it is one file.
   */
  private static String text(StageFolder folder, Configuration hadoop) throws IOException {
    FileSystem files = folder.files();
    Path metadata = folder.path(DIRECTORY);
    if (!folder.has(DIRECTORY)) {
      throw new FileNotFoundException("there is no " + metadata);
    }
    FileStatus[] parts = files.listStatus(metadata, SparkMetadata::isPart);
    Arrays.sort(parts);
    for (FileStatus part : parts) {
      String line = firstLine(files, part.getPath(), hadoop);
      if (line != null) {
        return line;
      }
    }
    throw new IOException("there is no line in " + metadata);
  }

  private static boolean isPart(Path file) {
    return !file.getName().startsWith("_") && !file.getName().startsWith(".");
  }

  /** The line is compressed on clusters that compress everything jobs write. */
  private static String firstLine(FileSystem files, Path part, Configuration hadoop)
      throws IOException {
    CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(part);
    try (InputStream file = files.open(part);
        InputStream in = codec == null ? file : codec.createInputStream(file);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.readLine();
    }
  }
}

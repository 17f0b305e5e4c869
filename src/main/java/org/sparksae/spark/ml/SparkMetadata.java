package org.sparksae.spark.ml;

import java.util.function.Function;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import scala.Option;

/**
 * Spark's metadata files, by the overloads that every supported Spark version has: those with a
 * SparkSession came with 4.0.
 */
@SuppressWarnings("deprecation")
final class SparkMetadata {
  private SparkMetadata() {}

  static void save(Params instance, String path, SparkContext context) {
    DefaultParamsWriter.saveMetadata(instance, path, context, Option.empty(), Option.empty());
  }

  /**
   * Reads an instance and its Params.
   *
   * @param ofUid makes the instance of a uid
   * @throws IllegalArgumentException naming the path, if there are no such metadata, or they are of
   *     another class, damaged, or against a Param's rule
   */
  static <T extends Params> T load(
      String path, SparkContext context, Class<T> expected, Function<String, T> ofUid) {
    try {
      DefaultParamsReader.Metadata metadata =
          DefaultParamsReader.loadMetadata(path, context, expected.getName());
      T instance = ofUid.apply(metadata.uid());
      metadata.getAndSetParams(instance, Option.empty());
      return instance;
    } catch (Exception e) { // Scala throws checked ones, too, and does not declare them.
      throw new IllegalArgumentException(
          "the metadata in %s are not those of a %s, or damaged: %s"
              .formatted(path, expected.getSimpleName(), e.getMessage()),
          e);
    }
  }
}
